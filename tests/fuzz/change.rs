//! Texts made from others.

/// A source of chance that gives the same for the same seed (xorshift64*).
#[derive(Debug)]
pub(crate) struct Random(u64);

/// What is put into texts: signs that mean something to one reader or another.
const SIGNS: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "{{",
    "}}",
    "'",
    "\"",
    "\\",
    ":",
    ": ",
    "- ",
    "\n",
    "\n  ",
    "  ",
    "\t",
    "|",
    ">-",
    "&a",
    "*a",
    "!t",
    "#",
    "%",
    "@",
    ",",
    ".",
    "..",
    "?",
    "!",
    "&&",
    "||",
    "==",
    "!=",
    "<",
    ">",
    "+",
    "-",
    "*",
    "/",
    "0",
    "1",
    "9223372036854775807",
    "-1",
    "1e309",
    "0.5",
    "1Ki",
    "500m",
    "n",
    "E",
    "null",
    "true",
    "false",
    "in",
    "claim",
    "item",
    "size",
    "matches",
    ".*",
    "(?P<a>",
    "^",
    "$",
    "\\d{1000}",
    "\u{0}",
    "\u{7f}",
    "\u{feff}",
    "\u{202e}",
    "\u{754c}",
    "\u{1f600}",
    "\r\n",
    "I1121 03:42:41.929557       1 a.go:1] ",
    "{\"msg\":\"",
    "level=info msg=",
];

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `end`; 0 when that is 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let value = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(value).unwrap_or_default() % end.max(1)
    }

    fn place(&mut self, text: &str) -> usize {
        let mut at = self.below(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    fn part(&mut self, text: &str, longest: usize) -> (usize, usize) {
        let from = self.place(text);
        let mut to = (from + self.below(longest)).min(text.len());
        while !text.is_char_boundary(to) {
            to += 1;
        }
        (from, to)
    }

    /// One of the seeds, changed in a few places.
    pub(crate) fn change(&mut self, seeds: &[String], longest: usize) -> String {
        let mut text = seeds[self.below(seeds.len())].clone();
        for _ in 0..=self.below(4) {
            let (from, to) = self.part(&text, 40);
            let put = match self.below(6) {
                0 => String::new(),
                1 => SIGNS[self.below(SIGNS.len())].to_owned(),
                2 => text[from..to].repeat(1 + self.below(20)),
                3 => SIGNS[self.below(SIGNS.len())].repeat(1 + self.below(300)),
                4 => char::from_u32(u32::try_from(self.below(0x500)).unwrap_or_default()).unwrap_or(' ').to_string(),
                _ => {
                    let other = &seeds[self.below(seeds.len())];
                    let (from, to) = self.part(other, 200);
                    other[from..to].to_owned()
                }
            };
            text.replace_range(from..to, &put);
        }
        let mut end = text.len().min(longest);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text
    }
}
