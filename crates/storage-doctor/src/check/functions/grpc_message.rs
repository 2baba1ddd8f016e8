//! `grpc_message()`.

use super::prelude::*;
use std::borrow::Cow;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "grpc_message",
        signatures: &["grpc_message(text) -> text"],
        doc: "What the innermost gRPC error in a message says, without the words around it; the text itself if \
              there is none.",
        examples: &[Example {
            expression: "grpc_message('failed: rpc error: code = NotFound desc = no such pool')",
            result: "'no such pool'",
        }],
    },
    arity: (1, 1),
    literal: None,
    clock: false,
    run,
};

/// What a gRPC error begins with when it is printed.
const START: &str = "rpc error: code = ";
/// What stands before its message.
const MESSAGE: &str = "desc = ";

fn run(arguments: &mut Arguments<'_>) -> Computed {
    let Some(text) = arguments.text(0)? else { return Ok(Value::Null) };
    Ok(Value::text(innermost(&text).as_deref().unwrap_or(&text).trim()))
}

/// The message of the innermost error. Some components print the whole error in quotes (external-snapshotter,
/// `snapshot of the volume %s: %q`): they are no part of what it says.
fn innermost(text: &str) -> Option<Cow<'_, str>> {
    let at = text.rfind(START)?;
    let (before, error) = text.split_at_checked(at)?;
    let (_, message) = error.split_once(MESSAGE)?;
    let is_open = (before.matches('"').count() - before.matches("\\\"").count()) % 2 == 1;
    match message.strip_suffix('"') {
        Some(inside) if is_open => Some(inside.replace("\\\"", "\"").into()),
        _ => Some(message.into()),
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn leaves_other_texts_alone() {
        assert_same(&[
            ("grpc_message('rpc error: code = Internal desc = a: rpc error: code = Aborted desc = b')", "'b'"),
            (r#"grpc_message('taken: "rpc error: code = Internal desc = no \\"x\\" here"')"#, r#"'no "x" here'"#),
            (r#"grpc_message('it: "rpc error: code = Internal desc = a: rpc error: code = Aborted desc = b"')"#, "'b'"),
            (r#"grpc_message('rpc error: code = Internal desc = no "x"')"#, r#"'no "x"'"#),
            ("grpc_message('the desc = x')", "'the desc = x'"),
            ("grpc_message('rpc error: code = Aborted')", "'rpc error: code = Aborted'"),
            ("grpc_message(null)", "null"),
            ("grpc_message(num)", "failed"),
        ]);
    }
}
