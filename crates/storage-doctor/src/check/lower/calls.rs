//! Calls of functions: that they exist, that their arguments fit, and what can be computed at load.

use super::super::function::{Arguments, Function, Literal, Pattern};
use super::super::functions::{all, find};
use super::super::part::{Called, Named, Part};
use super::super::tree::{Call, Node};
use super::super::{Budget, Fault, Scope, Slot, nearest};
use super::loops::LOOPS;
use super::{BROKEN, Lowering};
use crate::evidence::Why;
use crate::time::Time;
use crate::value::Value;
use regex::RegexBuilder;

/// What a compiled pattern may take, and what a search with one of each size costs.
const PATTERN_SIZES: [(usize, usize); 4] = [(16 << 10, 1), (64 << 10, 8), (256 << 10, 64), (1 << 20, 256)];

impl Lowering<'_> {
    /// A call; the receiver of a method is its first argument.
    pub(super) fn function(&mut self, written: &Called) -> Node {
        let faults_before = self.faults.len();
        let arguments: Vec<Node> = written.arguments.iter().map(|argument| self.node(argument)).collect();
        let Some(function) = find(&written.function.name) else {
            return self.fault(unknown_function(&written.function));
        };
        let (least, most) = function.arity;
        if arguments.len() < least || arguments.len() > most {
            return self.fault(wrong_count(function, written));
        }
        let pattern = match function.literal {
            None => None,
            Some(Literal::Pattern(i)) => match self.pattern(function, arguments.get(i), written.arguments.get(i)) {
                Some(pattern) => Some(pattern),
                None => return BROKEN,
            },
            Some(Literal::Path(i)) => {
                self.path(function, arguments.get(i), written.arguments.get(i));
                None
            }
        };
        let call = Call { function, arguments, pattern };
        // What stands for a part with a fault must not draw a second one.
        let computed = if self.faults.len() == faults_before { computed(&call) } else { None };
        match computed {
            None => Node::Call(Box::new(call)),
            Some(Ok(value)) => Node::Constant(value),
            Some(Err(why)) => self.fault(Fault::new(written.function.at.clone(), "bad-argument", why)),
        }
    }

    fn pattern(&mut self, function: &Function, argument: Option<&Node>, written: Option<&Part>) -> Option<Pattern> {
        let at = written.map_or(0..0, |written| written.at.clone());
        let Some(Node::Constant(Value::Text(pattern))) = argument else {
            let message = format!("the pattern of `{}` has to be written as a text", function.doc.name);
            self.fault_at(&at, "bad-pattern", message);
            return None;
        };
        match compiled(pattern) {
            Ok(Pattern { regex, .. })
                if function.doc.name == "captures" && regex.capture_names().flatten().next().is_none() =>
            {
                let fault = Fault::new(at, "bad-pattern", "this pattern has no named group");
                self.fault(fault.help("name what to take: `(?P<name>…)`"));
                None
            }
            Ok(pattern) => Some(pattern),
            Err(error) => {
                self.fault_at(&at, "bad-pattern", format!("bad pattern: {}", reason(&error)));
                None
            }
        }
    }

    fn path(&mut self, function: &Function, argument: Option<&Node>, written: Option<&Part>) {
        let at = written.map_or(0..0, |written| written.at.clone());
        let name = function.doc.name;
        match argument {
            Some(Node::Constant(Value::Text(path))) => {
                if path.split('.').any(|part| matches!(part, "" | "[]")) {
                    let fault = Fault::new(at, "bad-path", "this is not a path to a field");
                    self.fault(fault.help("such as 'metadata.name' or 'spec.volumes[].name'"));
                }
            }
            _ => {
                self.fault_at(&at, "bad-path", format!("the path of `{name}` has to be written as a text"));
            }
        }
    }
}

fn unknown_function(written: &Named) -> Fault {
    let (name, at) = (&*written.name, written.at.clone());
    if let Some((name, usage)) = LOOPS.iter().find(|(loop_name, _)| *loop_name == name) {
        return Fault::new(at, "argument-count", format!("`{name}` is not written like this"))
            .help(format!("write `{usage}`"));
    }
    let known = all().map(|f| f.doc.name).chain(LOOPS.iter().map(|(name, _)| *name));
    let fault = Fault::new(at, "unknown-function", format!("unknown function `{name}`"));
    match nearest(name, known).first() {
        Some(near) => fault.help(format!("did you mean `{near}`?")),
        None => fault,
    }
}

fn wrong_count(function: &Function, written: &Called) -> Fault {
    let own = usize::from(written.is_method);
    let (least, most) = function.arity;
    let (least, most, got) = (least.saturating_sub(own), most.saturating_sub(own), written.arguments.len() - own);
    let wanted = if least == most { least.to_string() } else { format!("{least} to {most}") };
    let plural = if most == 1 { "" } else { "s" };
    let message = format!("`{}` takes {wanted} argument{plural} here, not {got}", function.doc.name);
    Fault::new(written.function.at.clone(), "argument-count", message)
        .help(format!("write `{}`", function.doc.signatures.join("` or `")))
}

/// Compiles a pattern within the smallest size that holds it.
fn compiled(pattern: &str) -> Result<Pattern, regex::Error> {
    let mut result = Err(regex::Error::CompiledTooBig(0));
    for (size, weight) in PATTERN_SIZES {
        let regex = RegexBuilder::new(pattern).size_limit(size).dfa_size_limit(1 << 20).build();
        result = regex.map(|regex| Pattern { regex, weight });
        if !matches!(result, Err(regex::Error::CompiledTooBig(_))) {
            break;
        }
    }
    result
}

/// The last line of a regex error says what is wrong; those before it draw where.
fn reason(error: &regex::Error) -> String {
    if let regex::Error::CompiledTooBig(_) = error {
        return "it is too large".to_owned();
    }
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default();
    last.trim_start_matches("error: ").chars().filter(|c| !c.is_control()).take(200).collect()
}

/// Nothing is known at load.
struct AtLoad;

impl Scope for AtLoad {
    fn value(&self, _: Slot) -> Value {
        Value::Null
    }

    fn now(&self) -> Time {
        Time::from_unix_seconds(0)
    }
}

/// The value of a call all of whose arguments are written out, or why it can never be computed.
fn computed(call: &Call) -> Option<Result<Value, String>> {
    if call.function.clock {
        return None;
    }
    let values: Option<Vec<Value>> = call
        .arguments
        .iter()
        .map(|argument| match argument {
            Node::Constant(value) => Some(value.clone()),
            _ => None,
        })
        .collect();
    let mut budget = Budget::new(10_000);
    let result = (call.function.run)(&mut Arguments {
        name: call.function.doc.name,
        values: &values?,
        pattern: call.pattern.as_ref(),
        scope: &AtLoad,
        budget: &mut budget,
    });
    if budget.is_spent() {
        return None;
    }
    let value = result.unwrap_or_else(|unknown| unknown);
    let failure = value.gaps().and_then(|gaps| {
        gaps.iter().find_map(|gap| match &gap.why {
            Why::Failed(why) => Some(why.clone()),
            _ => None,
        })
    });
    Some(failure.map_or(Ok(value), Err))
}
