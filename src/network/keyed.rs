//! Closed sets of keys. A key that a newer program wrote reads as the set's own "don't know".

/// Declares an enum whose values are keys in reports; the value after `else` stands for every key
/// that this version does not know.
macro_rules! keyed {
    (
        $(#[$about:meta])*
        pub enum $name:ident {
            $( $(#[$note:meta])* $value:ident = $key:literal, )*
        } else $other:ident
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $( $(#[$note])* $value, )*
        }

        impl $name {
            /// Every value, in the order above.
            pub const ALL: &'static [$name] = &[ $( $name::$value, )* ];

            /// As it stands in reports.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self {
                    $( $name::$value => $key, )*
                }
            }

            /// The value of a key.
            #[must_use]
            pub fn of_key(key: &str) -> $name {
                Self::ALL.iter().copied().find(|it| it.key() == key).unwrap_or($name::$other)
            }
        }

        #[cfg(test)] // for the document of the API
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "enum": [ $( $key, )* ] })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.key())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<$name, D::Error> {
                let key: std::borrow::Cow<'de, str> = serde::Deserialize::deserialize(from)?;
                Ok($name::of_key(&key))
            }
        }
    };
}

pub(crate) use keyed;
