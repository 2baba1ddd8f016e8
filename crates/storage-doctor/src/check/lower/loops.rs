//! The loops that the parser expands: `exists`, `all`, `exists_one`, `map` and `filter`.

use super::super::tree::{Loop, LoopKind, Node};
use super::Lowering;
use cel::common::ast::{ComprehensionExpr, Expr, IdedExpr, LiteralValue, operators};

const DEEPEST: usize = 3;

/// The loops, and how each is written.
pub(in super::super) const LOOPS: &[(&str, &str)] = &[
    ("exists", "list.exists(x, x > 1)"),
    ("all", "list.all(x, x > 1)"),
    ("exists_one", "list.exists_one(x, x > 1)"),
    ("map", "list.map(x, x + 1)"),
    ("filter", "list.filter(x, x > 1)"),
    ("has", "has(object.field)"),
];

/// What a loop was before it was expanded.
struct Written<'a> {
    kind: LoopKind,
    check: Option<&'a IdedExpr>,
    make: Option<&'a IdedExpr>,
}

/// Recognises an expansion by the shape of its step, which differs for each loop.
fn written(comprehension: &ComprehensionExpr) -> Option<Written<'_>> {
    let Expr::Call(step) = &comprehension.loop_step.expr else { return None };
    let only_check = |kind, check| Some(Written { kind, check: Some(check), make: None });
    match (&*step.func_name, step.args.as_slice()) {
        (operators::LOGICAL_OR, [_, check]) => only_check(LoopKind::Exists, check),
        (operators::LOGICAL_AND, [_, check]) => only_check(LoopKind::All, check),
        (operators::ADD, [_, made]) => Some(Written { kind: LoopKind::Map, check: None, make: Some(only(made)?) }),
        (operators::CONDITIONAL, [check, taken, _]) => {
            if matches!(comprehension.accu_init.expr, Expr::Literal(LiteralValue::Int(_))) {
                return only_check(LoopKind::ExistsOne, check);
            }
            let Expr::Call(taken) = &taken.expr else { return None };
            let [_, made] = taken.args.as_slice() else { return None };
            Some(Written { kind: LoopKind::Map, check: Some(check), make: Some(only(made)?) })
        }
        _ => None,
    }
}

/// The one item of a list literal.
fn only(list: &IdedExpr) -> Option<&IdedExpr> {
    let Expr::List(list) = &list.expr else { return None };
    list.elements.first()
}

impl Lowering<'_> {
    pub(super) fn comprehension(&mut self, comprehension: &ComprehensionExpr, id: u64) -> Node {
        let range = self.node(&comprehension.iter_range);
        let Some(written) = written(comprehension) else {
            return self.fault_at(id, "unknown-function", "there is no such loop");
        };
        if let Some(fault) = self.reserved(&comprehension.iter_var, id) {
            return self.fault(fault);
        }
        if self.locals.len() == DEEPEST {
            return self.fault_at(id, "too-deep", format!("loops are nested at most {DEEPEST} deep"));
        }
        self.locals.push(comprehension.iter_var.clone());
        let check = written.check.map(|check| self.condition(check));
        let make = written.make.map(|make| self.node(make));
        self.locals.pop();
        Node::Loop(Box::new(Loop { kind: written.kind, range, check, make }))
    }
}
