//! `grpc_message()`.

use super::prelude::*;

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
    let inner = text.rfind(START).and_then(|at| text.get(at..)).and_then(|error| error.split_once(MESSAGE));
    Ok(Value::text(inner.map_or(&*text, |(_, message)| message).trim()))
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn leaves_other_texts_alone() {
        assert_same(&[
            ("grpc_message('rpc error: code = Internal desc = a: rpc error: code = Aborted desc = b')", "'b'"),
            ("grpc_message('the desc = x')", "'the desc = x'"),
            ("grpc_message('rpc error: code = Aborted')", "'rpc error: code = Aborted'"),
            ("grpc_message(null)", "null"),
            ("grpc_message(num)", "failed"),
        ]);
    }
}
