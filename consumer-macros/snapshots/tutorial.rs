// `private` is `::consumer_runtime::__private`, and `#[allow(..)]` lists the lints of generated code.

#[private::derive(private::Serialize, private::Deserialize)]
#[serde(
    tag = "type",
    rename = "chat.message",
    crate = "::consumer_runtime::__private::serde",
)]
struct ChatMessage {
    message: String,
}
#[allow(..)]
const _: () = {
    #[automatically_derived]
    impl private::Event for ChatMessage {
        const NAME: &'static private::primitive::str = "chat.message";
        type Answer = ();
    }
};

struct Room {
    room_name: String,
}
#[allow(..)]
const _: () = {
    #[automatically_derived]
    impl private::Group for Room {
        const DECLARATION: private::GroupDeclaration = private::GroupDeclaration::new::<
            Self,
        >(
            "Room",
            "chat_{room_name}",
            private::module_path!(),
            private::line!(),
            private::column!(),
        );
        const TEMPLATE: &'static private::primitive::str = "chat_{room_name}";
        const FIELDS: &'static [&'static private::primitive::str] = &["room_name"];
        fn name(&self) -> private::Result<private::GroupName, private::NameError> {
            private::render(
                "chat_{room_name}",
                &[
                    (
                        "room_name",
                        <String as private::fields::NamedField>::display(&self.room_name),
                    ),
                ],
            )
        }
    }
    #[automatically_derived]
    impl private::CarriedBy<Room> for ChatMessage {}
    #[automatically_derived]
    impl<__C: private::Consumer> private::JoinedBy<__C> for Room
    where
        ChatMessage: private::HandledBy<__C>,
    {}
};

struct ChatConsumer {
    room_name: String,
}
#[allow(..)]
const _: () = {
    #[automatically_derived]
    impl private::Declared for ChatConsumer {
        const DECLARATION: private::Declaration = private::Declaration::new(
                "ChatConsumer",
                "/ws/chat/{room_name}/",
                &["room_name"],
            )
            .groups(&[<Room as private::Group>::DECLARATION])
            .listed(|contract: &mut private::schema::Builder| {
                contract
                    .param(
                        "room_name",
                        private::schema::known!(String),
                        private::schema::docs!(""),
                    );
            });
        fn declared_groups(
            &self,
        ) -> private::Result<private::GroupNames, private::NameError> {
            use private::{checks::NotYet as _, fields::NoText as _};
            private::checks::Member::<Room, Self>::check::<Room>();
            let fields: &[(
                &'static private::primitive::str,
                &dyn private::fmt::Display,
            )] = &[("room_name", (&private::fields::Text(&self.room_name)).text())];
            private::Result::Ok(
                private::GroupNames::new([
                    private::render(<Room as private::Group>::TEMPLATE, fields)?,
                ]),
            )
        }
    }
    #[automatically_derived]
    impl private::InGroup<Room> for ChatConsumer {
        const INDEX: private::primitive::usize = 0usize;
    }
    #[automatically_derived]
    impl private::SoleGroup<Room> for ChatConsumer {}
    const _: () = {
        use private::fields::NotShown as _;
        (private::checks::group_fields)(
            "ChatConsumer",
            "Room",
            <Room as private::Group>::TEMPLATE,
            <Room as private::Group>::FIELDS,
            &[("room_name", private::fields::Shown::<String>::YES)],
        )
    };
    #[automatically_derived]
    impl<__S: private::Send + private::Sync + 'static> private::Built<__S>
    for ChatConsumer
    where
        String: private::fields::PathField<__S>,
    {
        async fn build(
            request: &mut private::Parts,
            state: &__S,
        ) -> private::Result<Self, private::Refusal> {
            let params = private::fields::path_params(request).await?;
            private::Result::Ok(Self {
                room_name: private::fields::path_field::<
                    Self,
                    String,
                    __S,
                >(&params, "room_name")?,
            })
        }
    }
};

impl ChatConsumer {
    async fn receive(&mut self, say: Say, context: &mut Context<Self>) -> Result {
        context
            .group()
            .send(ChatMessage {
                message: say.message,
            })
            .await
    }
    fn chat_message(event: &ChatMessage) -> Said {
        Said {
            message: event.message.clone(),
        }
    }
}
#[allow(..)]
const _: () = {
    use private::markers::receive as _;
    use private::markers::event as _;
    use private::{
        checks::{AnyHalf as _, NoEvent as _},
        replies::Untold as _,
    };
    pub enum __Event {
        ChatMessage(private::Arc<ChatMessage>),
    }
    #[automatically_derived]
    impl private::Clone for __Event {
        fn clone(&self) -> Self {
            match *self {
                Self::ChatMessage(ref payload) => {
                    Self::ChatMessage(private::Arc::clone(payload))
                }
            }
        }
    }
    #[automatically_derived]
    impl private::fmt::Debug for __Event {
        fn fmt(
            &self,
            formatter: &mut private::fmt::Formatter<'_>,
        ) -> private::fmt::Result {
            formatter.write_str(private::EventSet::name(self))
        }
    }
    #[automatically_derived]
    impl private::Serialize for __Event {
        fn serialize<__S: private::Serializer>(
            &self,
            serializer: __S,
        ) -> private::Result<__S::Ok, __S::Error> {
            match *self {
                Self::ChatMessage(ref payload) => {
                    <ChatMessage as private::Event>::__write(payload, serializer)
                }
            }
        }
    }
    #[automatically_derived]
    impl<'de> private::Deserialize<'de> for __Event {
        fn deserialize<__D: private::Deserializer<'de>>(
            deserializer: __D,
        ) -> private::Result<Self, __D::Error> {
            private::deserialize_tagged(deserializer)
        }
    }
    #[automatically_derived]
    impl private::EventSet for __Event {
        fn name(&self) -> &'static private::primitive::str {
            match *self {
                Self::ChatMessage(_) => "chat.message",
            }
        }
        fn key(&self) -> private::Option<private::Key> {
            match *self {
                Self::ChatMessage(ref payload) => {
                    <ChatMessage as private::Event>::__key(payload)
                }
                _ => private::Option::None,
            }
        }
        fn from_shared(
            index: private::primitive::usize,
            payload: private::Shared,
        ) -> private::Result<Self, private::Shared> {
            match index {
                0usize => {
                    private::Result::map(
                        <ChatMessage as private::Event>::__shared(payload),
                        Self::ChatMessage,
                    )
                }
                _ => private::Result::Err(payload),
            }
        }
    }
    #[automatically_derived]
    impl private::Tagged for __Event {
        const NAMES: &'static [&'static private::primitive::str] = &["chat.message"];
        fn find(
            name: &private::primitive::str,
        ) -> private::Option<private::primitive::usize> {
            match name {
                "chat.message" => private::Option::Some(0usize),
                _ => {
                    match &*private::fold(name) {
                        "chat_message" => private::Option::Some(0usize),
                        _ => private::Option::None,
                    }
                }
            }
        }
        fn read<'de, __D: private::Deserializer<'de>>(
            index: private::primitive::usize,
            payload: __D,
        ) -> private::Result<Self, __D::Error> {
            match index {
                0usize => {
                    private::Result::map(
                        <ChatMessage as private::Event>::__read(payload),
                        Self::ChatMessage,
                    )
                }
                _ => private::unknown_index(index),
            }
        }
    }
    pub enum __Receive {
        Receive(Say),
    }
    #[automatically_derived]
    impl private::Tagged for __Receive {
        const NAMES: &'static [&'static private::primitive::str] = &[""];
        const NAMELESS: private::Option<private::primitive::usize> = private::Option::Some(
            0usize,
        );
        fn find(
            name: &private::primitive::str,
        ) -> private::Option<private::primitive::usize> {
            match name {
                _ => {
                    match &*private::fold(name) {
                        _ => private::Option::None,
                    }
                }
            }
        }
        fn read<'de, __D: private::Deserializer<'de>>(
            index: private::primitive::usize,
            payload: __D,
        ) -> private::Result<Self, __D::Error> {
            match index {
                0usize => {
                    private::Result::map(
                        <Say as private::Deserialize<'de>>::deserialize(payload),
                        Self::Receive,
                    )
                }
                _ => private::unknown_index(index),
            }
        }
    }
    #[automatically_derived]
    impl private::Consumer for ChatConsumer {
        const DECLARATION: private::Declaration = <ChatConsumer as private::Declared>::DECLARATION;
        const HANDLERS: &'static [private::Handler] = &[
            private::Handler::new(private::HandlerKind::Receive, "", "receive"),
            private::Handler::new(
                private::HandlerKind::SharedEvent,
                "chat.message",
                "chat_message",
            ),
        ];
        type Event = __Event;
        type Receive = __Receive;
        type Connect = __Connect;
        fn contract(contract: &mut private::schema::Builder) {
            (private::checks::Half::<Self>::socket)();
            contract
                .frame("", private::schema::known!(Say))
                .method("receive")
                .fails(private::schema::Fails::Somehow);
            contract.event("chat.message", private::schema::known!(Said));
        }
        fn fan(event: &__Event) -> private::Fanned {
            match *event {
                __Event::ChatMessage(ref payload) => {
                    (private::checks::Answering::<
                        ChatMessage,
                    >::fanned)(private::fan::<Said>(<Self>::chat_message(payload)))
                }
            }
        }
        async fn event(
            consumer: &mut private::Slot<Self>,
            event: __Event,
            context: &mut private::Context<Self>,
        ) -> private::Outcome
        where
            for<'__send> Self: private::Send,
        {
            match event {
                __Event::ChatMessage(payload) => private::Outcome::Unexpected,
            }
        }
        async fn receive(
            consumer: &mut private::Slot<Self>,
            frame: __Receive,
            context: &mut private::Context<Self>,
        ) -> private::Outcome
        where
            for<'__send> Self: private::Send,
        {
            match frame {
                __Receive::Receive(payload) => {
                    let output = (private::require_send)(
                            <Self>::receive(
                                private::Slot::get(consumer),
                                payload,
                                <Context<
                                    Self,
                                > as private::args::ContextArg<Self>>::from_context(context),
                            ),
                        )
                        .await;
                    let answer = private::replies::Told(&output).answer();
                    private::replies::settled(
                        answer,
                        <Result as private::Quiet>::into_outcome(output),
                    )
                }
            }
        }
    }
    pub enum __Connect {}
    #[automatically_derived]
    impl<
        __S: private::Send + private::Sync + 'static,
    > private::Connect<__S, ChatConsumer> for __Connect
    where
        ChatConsumer: private::Built<__S>,
    {
        async fn connect(
            consumer: &mut private::Slot<ChatConsumer>,
            request: &mut private::Parts,
            state: &__S,
            context: &mut private::Context<ChatConsumer>,
        ) -> private::Result<(), private::Refusal>
        where
            for<'__send> ChatConsumer: private::Send,
        {
            let made = <ChatConsumer as private::Built<__S>>::build(request, state)
                .await?;
            let made = private::Slot::fill(consumer, made);
            private::enter(
                    <ChatConsumer as private::Declared>::declared_groups(made),
                    context,
                )
                .await
        }
    }
    #[automatically_derived]
    impl private::HandledBy<ChatConsumer> for ChatMessage {
        fn into_event(
            event: private::Arc<Self>,
        ) -> <ChatConsumer as private::Consumer>::Event {
            __Event::ChatMessage(event)
        }
        fn into_message(event: Self) -> private::Message {
            <ChatMessage as private::Event>::__message(event)
        }
    }
    const _: () = (private::checks::event_name)(
        "chat_message",
        "chat.message",
        "ChatMessage",
        <ChatMessage as private::Event>::NAME,
    );
};
