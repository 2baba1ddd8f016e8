//! The shape of a translation, beside those of [`raw`](super::raw).

use super::entries::Entries;
use super::raw::{ApiVersion, Text};
use crate::span::Sp;
use schemars::JsonSchema;
use serde::Deserialize;

/// The kind of a translation's file.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
pub(super) enum TranslationKind {
    /// A translation.
    Translation,
}

/// A translation: a playbook's texts in another language. Its file is `NAME.LANGUAGE.yaml`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Translation")]
pub(super) struct RawTranslation {
    /// The version of the format.
    #[serde(rename = "apiVersion")]
    #[expect(dead_code, reason = "its presence is what is asked")]
    api_version: Sp<ApiVersion>,
    /// `Translation`.
    #[expect(dead_code, reason = "its presence is what is asked")]
    kind: Sp<TranslationKind>,
    /// The name of the playbook.
    pub(super) name: Sp<String>,
    /// The language, as ISO 639 writes it: `zh`.
    pub(super) language: Sp<String>,
    /// The playbook's title.
    pub(super) title: Sp<String>,
    /// The summaries of waiting states, by their codes (templates).
    #[serde(default)]
    #[schemars(extend("maxProperties" = 100))]
    pub(super) waiting: Entries<Text>,
    /// The texts of causes, by their codes.
    #[serde(default)]
    #[schemars(extend("maxProperties" = 500))]
    pub(super) causes: Entries<RawCauseWords>,
    /// The texts of the playbook's chain, in its order.
    #[serde(default)]
    #[schemars(length(max = 50))]
    pub(super) chain: Vec<RawLinkWords>,
    /// The relations of the playbook's related subjects, in its order.
    #[serde(default)]
    #[schemars(length(max = 50))]
    pub(super) related: Vec<Sp<String>>,
}

/// The texts of a cause.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CauseWords")]
pub(super) struct RawCauseWords {
    /// The cause in one sentence (a template).
    pub(super) summary: Text,
    /// Why that is so (a template).
    pub(super) explanation: Text,
    /// The text of each remedy, in the playbook's order (templates).
    #[serde(default)]
    #[schemars(length(max = 50))]
    pub(super) remedies: Vec<Text>,
}

/// The texts of a link of the chain.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "LinkWords")]
pub(super) struct RawLinkWords {
    /// How the one before it relates to it (a template).
    pub(super) relation: Text,
    /// What state it is in (a template).
    pub(super) state: Text,
}
