// `private` is `::consumer_runtime::__private`, and `#[allow(..)]` lists the lints of generated code.

#[allow(..)]
const _: () = {
    #[automatically_derived]
    impl private::fmt::Display for HistoryError {
        fn fmt(
            &self,
            formatter: &mut private::fmt::Formatter<'_>,
        ) -> private::fmt::Result {
            match *self {
                Self::NoRoom { room: ref __room, .. } => {
                    formatter
                        .write_fmt(
                            private::format_args!(
                                "there is no room `{}`", < String as private::replies::Shown
                                > ::shown(__room)
                            ),
                        )
                }
                Self::Busy { .. } => {
                    formatter.write_fmt(private::format_args!("the server is busy"))
                }
                Self::Store { 0: ref __cause } => {
                    <std::io::Error as private::replies::Cause>::text(__cause, formatter)
                }
            }
        }
    }
    #[automatically_derived]
    impl private::ReplyError for HistoryError {
        const CODES: &'static [&'static private::primitive::str] = &["no_room", "busy"];
        fn answer(&self) -> private::Option<private::Answer> {
            match *self {
                Self::NoRoom { room: ref __room, .. } => {
                    private::Option::Some(
                        private::replies::answer(
                            "no_room",
                            self,
                            [
                                ("room", <String as private::replies::Datum>::value(__room)),
                            ],
                        ),
                    )
                }
                Self::Busy { .. } => {
                    private::Option::Some(private::replies::answer("busy", self, []))
                }
                Self::Store { .. } => private::Option::None,
            }
        }
        fn __describe(__errors: &mut private::schema::ErrorCodes) {
            __errors
                .code("no_room", private::schema::docs!(""))
                .data("room", private::schema::known!(String));
            __errors.code("busy", private::schema::docs!(""));
        }
    }
    #[automatically_derived]
    impl private::From<HistoryError> for private::Error {
        fn from(error: HistoryError) -> Self {
            match error {
                HistoryError::Store { 0: __cause } => {
                    <std::io::Error as private::replies::Cause>::into_error(__cause)
                }
                ref told => private::replies::told(told),
            }
        }
    }
    #[automatically_derived]
    impl private::replies::IntoReply for HistoryError {
        fn into_reply(self) -> private::Error {
            private::From::from(self)
        }
    }
    #[automatically_derived]
    impl private::IntoResponse for HistoryError {
        fn into_response(self) -> private::Response {
            private::replies::response(self)
        }
    }
    #[automatically_derived]
    impl private::From<std::io::Error> for HistoryError {
        fn from(cause: std::io::Error) -> Self {
            Self::Store { 0: cause }
        }
    }
};
