//! The reference of the check language, made from what is documented at each function.

use super::functions;
use std::fmt::Write;

/// The language, without its functions.
const LANGUAGE: &str = "\
# The check language

Checks are written in [CEL](https://cel.dev), the language of Kubernetes admission policies, with these
rules of its own:

- A check holds, does not hold, or is **not known**. What is not known stays so through every operator and
  function, with the reasons, unless the rest decides: `false && x` is false and `true || x` is true
  whatever `x` is. `exists` and `all` decide in the same way.
- A field that an object does not have is `null`, and so is a field of `null`: `claim.spec.volumeName` needs
  no guard. As a check, `null` does not hold.
- Comparisons with `null` by `<`, `<=`, `>` and `>=` are false. `==` of different kinds is false. Arithmetic
  with `null` is `null`, but `list + null` is the list.
- A value of a kind that does not fit (such as `1 + 'a'`) is not known, and says why.
- Everything is checked at load: names, functions, how many arguments, patterns.

## Operators

| Written | Meaning |
|---|---|
| `a.b`, `a['b']` | a field; the second way for names such as `app.kubernetes.io/name` |
| `list[0]` | an item, counted from 0; `null` outside the list |
| `!a`, `a && b`, `a \\|\\| b` | not, and, or |
| `a ? b : c` | `b` if `a` holds, else `c` |
| `==`, `!=`, `<`, `<=`, `>`, `>=` | comparison: numbers, texts, quantities, times, durations |
| `x in list`, `key in map` | whether it is there |
| `+`, `-`, `*`, `/`, `%` | arithmetic; `+` also joins texts and lists |
| `has(a.b)` | whether a field is not `null` |
| `list.exists(x, check)` | whether the check holds for an item |
| `list.all(x, check)` | whether the check holds for every item |
| `list.exists_one(x, check)` | whether the check holds for just one item |
| `list.filter(x, check)` | the items for which the check holds |
| `list.map(x, value)`, `list.map(x, check, value)` | a value made of each item (for which the check holds) |

Loops go through the items of a list or the keys of a map, in order; `null` has none. Of a list that was
seen only in part, what was found counts, and what was not found is not known.

A text in plain quotes knows escapes such as `\\n`; for patterns, `r'\\d+'` is a text without escapes.

Limits: 4096 bytes, 500 parts, brackets 10 deep, loops 3 deep, a million steps; four million steps for all that a
playbook works out about one subject. A step is one operation, one list item, or 16 bytes of text, also of messages that
are searched; a very large pattern takes more for each byte.

## Text with holes

Where a playbook takes a text, `{{ value }}` in it is filled: `(not known)` for what is not known, `(none)` for
`null` and an empty list, the items of a list joined by commas.

## Functions

Every function can be called in two ways: `size(x)` is `x.size()`.
";

/// The reference as Markdown.
pub fn reference() -> String {
    let mut text = LANGUAGE.to_owned();
    for doc in functions() {
        let _ = write!(text, "\n### {}\n\n```\n{}\n```\n\n{}\n\n", doc.name, doc.signatures.join("\n"), doc.doc);
        for example in doc.examples {
            let _ = writeln!(text, "- `{}` is `{}`", example.expression, example.result);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_every_function_and_loop() {
        let text = super::reference();
        for doc in super::functions() {
            assert!(text.contains(&format!("\n### {}\n", doc.name)), "{}", doc.name);
        }
        for (name, _) in super::super::lower::LOOPS {
            assert!(text.contains(name), "{name}");
        }
    }
}
