//! What is wrong in authored text. Placeholder until the loader is merged.

/// What is wrong.
#[derive(Clone, Debug)]
pub struct Problem(());

/// All that is wrong.
#[derive(Clone, Debug)]
pub struct Problems(Vec<Problem>);

impl Problem {
    /// As text.
    pub fn render(&self, _color: bool) -> String {
        String::new()
    }
}

impl Problems {
    /// The problems.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.0.iter()
    }

    /// As text.
    pub fn render(&self, _color: bool) -> String {
        String::new()
    }
}
