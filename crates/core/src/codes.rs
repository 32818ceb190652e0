//! Enumerations whose variants are codes of the format.

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $code:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs)]
        pub enum $name { $($variant),* }

        impl $name {
            /// Every code, in the order of the format.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// The code as the format spells it.
            pub fn code(self) -> &'static str {
                match self { $($name::$variant => $code),* }
            }

            /// The one that is spelled so.
            pub fn of(code: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|known| known.code() == code)
            }
        }
    };
}
pub(crate) use codes;
