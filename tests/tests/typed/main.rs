//! What is generated from declarations: the TypeScript client, which a real browser's engine runs against a real server,
//! and the AsyncAPI document.

mod documents;
mod everything;
mod files;
mod heartbeat;
mod node;
mod odd;
