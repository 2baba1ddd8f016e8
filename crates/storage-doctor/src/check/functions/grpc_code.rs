//! `grpc_code()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "grpc_code",
        signatures: &["grpc_code(text) -> text"],
        doc: "The innermost gRPC code in a message of a CSI driver or sidecar, such as `DeadlineExceeded`; \
              null if there is none.",
        examples: &[Example {
            expression: "grpc_code('rpc error: code = Internal desc = rpc error: code = NotFound desc = no pool')",
            result: "'NotFound'",
        }],
    },
    arity: (1, 1),
    literal: None,
    clock: false,
    run,
};

/// What a gRPC error begins with when it is printed.
const START: &str = "rpc error: code = ";

fn run(arguments: &mut Arguments<'_>) -> Computed {
    let Some(text) = arguments.text(0)? else { return Ok(Value::Null) };
    let code = text.rfind(START).and_then(|at| text.get(at + START.len()..)).and_then(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        rest.get(..end).filter(|code| !code.is_empty())
    });
    Ok(code.map_or(Value::Null, Value::text))
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn takes_the_innermost() {
        assert_same(&[
            ("grpc_code('rpc error: code = DeadlineExceeded desc = context deadline exceeded')", "'DeadlineExceeded'"),
            ("grpc_code('error code = 5')", "null"),
            ("grpc_code('rpc error: code = ')", "null"),
            ("grpc_code('rpc error: code = Aborted')", "'Aborted'"),
            ("grpc_code(null)", "null"),
            ("grpc_code(num)", "failed"),
        ]);
    }
}
