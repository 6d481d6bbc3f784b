//! Knowledge ten times as large: ten copies of every fault, observation, action and signature.

use outbox_doctor::knowledge::{
    Action, Condition, Element, Entry, Fault, FaultId, Kind, Knowledge, Observation, ObservationId,
    SetId, Signature,
};

const COPIES: u16 = 10;

/// Each copy's observations tell its own faults apart; all other faults see them at the base rate.
pub fn tenfold(kb: &Knowledge) -> Knowledge {
    let mut large = kb.clone();
    let named = kb.faults.len() - 1;
    (large.faults, large.observations) = (Vec::new(), Vec::new());
    (large.actions, large.signatures) = (Vec::new(), Vec::new());
    large.lexicon = Vec::new();
    for number in 0..COPIES {
        let copy = Copy { kb, number, named: u16::try_from(named).unwrap() };
        large.faults.extend(kb.faults[..named].iter().map(|it| copy.fault(it)));
        large.observations.extend(kb.observations.iter().map(|it| copy.observation(it)));
        large.actions.extend(kb.actions.iter().map(|it| copy.action(it)));
        large.signatures.extend(kb.signatures.iter().map(|it| copy.signature(it)));
        large.lexicon.extend(kb.lexicon.iter().map(|it| copy.entry(it)));
        for app in &mut large.apps {
            let own = kb.apps.iter().find(|it| it.key == app.key).unwrap();
            let renamed = own.procedures.iter().cloned().map(|mut it| {
                it.task = copy.name(&it.task);
                it
            });
            app.procedures.extend(renamed.filter(|_| number > 0));
        }
    }
    large.faults.push(kb.faults[named].clone());
    large.lexicon.sort_by(|a, b| a.word.cmp(&b.word));
    large
}

struct Copy<'a> {
    kb: &'a Knowledge,
    number: u16,
    named: u16,
}

impl Copy<'_> {
    fn name(&self, key: &str) -> String {
        if self.number == 0 { key.to_owned() } else { format!("{key}q{}", self.number) }
    }

    fn fault(&self, it: &Fault) -> Fault {
        let prior = it.prior / f64::from(COPIES);
        Fault { key: self.name(&it.key), prior, ..it.clone() }
    }

    fn observation(&self, it: &Observation) -> Observation {
        // One settings page is enough: a check of fifty settings at once has no end of outcomes.
        let kind = match it.kind {
            Kind::Setting(_) if self.number > 0 => Kind::Question,
            kind => kind,
        };
        Observation {
            key: self.name(&it.key),
            kind,
            likelihood: it.likelihood.iter().map(|row| self.row(row)).collect(),
            told: it.told.iter().map(|row| self.row(row)).collect(),
            ..it.clone()
        }
    }

    fn row(&self, row: &[f64]) -> Vec<f64> {
        let (base, own) = row.split_last().unwrap();
        let mut large = vec![*base; usize::from(COPIES * self.named) + 1];
        let start = usize::from(self.number * self.named);
        large[start..start + own.len()].copy_from_slice(own);
        large
    }

    fn action(&self, it: &Action) -> Action {
        let mut action = it.clone();
        action.key = self.name(&it.key);
        for (fault, _) in &mut action.repairs {
            *fault = FaultId(fault.0 + self.number * self.named);
        }
        for condition in action.unless.iter_mut().chain(&mut action.only_if) {
            *condition = self.condition(*condition);
        }
        action
    }

    fn condition(&self, it: Condition) -> Condition {
        let count = u16::try_from(self.kb.observations.len()).unwrap();
        Condition { observation: ObservationId(it.observation.0 + self.number * count), ..it }
    }

    fn signature(&self, it: &Signature) -> Signature {
        let mut signature = it.clone();
        signature.key = self.name(&it.key);
        signature.means.iter_mut().for_each(|it| *it = self.condition(*it));
        let rows =
            signature.patterns.iter_mut().flat_map(|it| it.all.iter_mut().chain(&mut it.none));
        for element in rows.chain(&mut signature.unless).flatten() {
            if let Element::Word(set) = element {
                *set = self.set(*set);
            }
        }
        signature
    }

    fn set(&self, set: SetId) -> SetId {
        let sets = self.kb.lexicon.iter().flat_map(|it| &it.sets).max().unwrap().0 + 1;
        SetId(set.0 + self.number * sets)
    }

    fn entry(&self, it: &Entry) -> Entry {
        Entry { word: self.name(&it.word), sets: it.sets.iter().map(|it| self.set(*it)).collect() }
    }
}
