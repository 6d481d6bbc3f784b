//! A value with a button that copies it.

use yew::prelude::*;

use super::case::Case;
use super::clipboard;

/// A value to copy, and the words for it.
#[derive(Clone, PartialEq, Properties)]
pub struct CopyProps {
    pub value: AttrValue,
    /// Shown instead of a short value.
    #[prop_or_default]
    pub long: bool,
    pub case: Case,
}

/// The value as a chip, or as a block where it is long, with its button.
#[component]
pub fn Copyable(props: &CopyProps) -> Html {
    let node = use_node_ref();
    let copied = use_state(AttrValue::default);
    let case = &props.case;
    let done = *copied == props.value;
    let label = case.ui(if done { "copied" } else { "copy" });
    let class = classes!("copyable", props.long.then_some("long"), done.then_some("done"));
    html! {
        <span {class}>
            <span class="value" ref={node.clone()}>{ &props.value }</span>
            <button type="button" class="copy" data-test="copy"
                aria-label={[label.as_str(), props.value.as_str()].join(" ")}
                onclick={onclick(props, node, copied.setter())}>
                { label }
            </button>
        </span>
    }
}

fn onclick(
    props: &CopyProps,
    node: NodeRef,
    copied: UseStateSetter<AttrValue>,
) -> Callback<MouseEvent> {
    let (value, case) = (props.value.clone(), props.case.clone());
    Callback::from(move |_| {
        let (told, case, node, copied) =
            (value.clone(), case.clone(), node.clone(), copied.clone());
        clipboard::copy(
            &value,
            Callback::from(move |done| {
                if done {
                    copied.set(told.clone());
                    case.say.emit(case.ui("copied"));
                } else {
                    node.get().iter().for_each(clipboard::mark);
                    case.say.emit(case.ui("announce.marked"));
                }
            }),
        );
    })
}
