//! The renderers' own words in other languages. English is the key, and what there is when a language lacks
//! a word. JSON and YAML stay in English.

/// The language of a page. What playbooks say is theirs, see
/// [`Playbook::in_language`](crate::playbook::Playbook::in_language).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Chinese, in simplified characters.
    Chinese,
}

impl Language {
    /// The language of a code such as `zh`, `zh_CN.UTF-8` or `zh-Hans`; English for one that is not known.
    pub fn from_code(code: &str) -> Self {
        match code.split(['_', '-', '.', '@']).next() {
            Some(word) if word.eq_ignore_ascii_case("zh") => Self::Chinese,
            _ => Self::English,
        }
    }

    /// A word or a sentence in this language.
    pub fn say(self, english: &str) -> &str {
        match self {
            Self::English => english,
            Self::Chinese => CHINESE.iter().find(|(key, _)| *key == english).map_or(english, |(_, word)| word),
        }
    }

    /// A sentence whose `{}` are filled in order.
    pub(super) fn fill(self, english: &str, with: &[&str]) -> String {
        let mut with = with.iter();
        let mut out = String::new();
        for (i, part) in self.say(english).split("{}").enumerate() {
            if i > 0 {
                out.push_str(with.next().copied().unwrap_or_default());
            }
            out.push_str(part);
        }
        out
    }
}

/// English and Chinese. Both hold as many `{}`, which a test makes sure of.
const CHINESE: &[(&str, &str)] = &[
    ("Failing", "故障"),
    ("Unknown", "无法判断"),
    ("Waiting", "等待中"),
    ("Healthy", "正常"),
    ("Something is wrong, but no cause is named.", "存在故障，但没有给出原因。"),
    ("It is not done yet.", "尚未完成。"),
    ("Nothing is wrong with it.", "没有发现问题。"),
    ("Nothing is wrong with its storage.", "它的存储没有发现问题。"),
    ("It could not be told: {} {} could not be looked at.", "无法判断：有 {} {}无法查看。"),
    ("thing", "项内容"),
    ("things", "项内容"),
    ("{} ({}){}, by playbook {}", "{}（{}）{}，出自剧本 {}"),
    (", on {}", "，位于 {}"),
    ("certain", "确定"),
    ("likely", "很可能"),
    ("possible", "可能"),
    ("error", "错误"),
    ("warning", "警告"),
    ("info", "提示"),
    ("Why", "原因说明"),
    ("Evidence", "证据"),
    ("Chain", "关联链"),
    ("What to do", "处理办法"),
    ("Also found", "其他发现"),
    ("Could not look at", "无法查看的内容"),
    ("needs: ", "需要："),
    ("leaves open: ", "因此悬而未决："),
    ("the whole answer", "整个结论"),
    ("Ruled out", "已排除的原因"),
    ("{} {} ruled out (--verbose lists them).", "另有 {} {}已被排除（--verbose 可列出）。"),
    ("other cause", "个原因"),
    ("other causes", "个原因"),
    ("[changes the cluster]", "[会改动集群]"),
    ("[interrupts a workload]", "[会中断业务]"),
    ("[can lose data]", "[可能丢失数据]"),
    ("{} ago", "{}前"),
    ("in {}", "{}后"),
    ("at {}", "于 {}"),
    ("from {}", "来自 {}"),
    ("{} times, last {}", "共 {} 次，最近一次 {}"),
    ("{} times", "共 {} 次"),
    ("event on {}", "{} 的事件"),
    (", began {}", "，开始于 {}"),
    ("; this may last", "；可能会持续下去"),
    ("; longer than is normal", "；已超过正常时长"),
    ("; worry if it still lasts {}", "；若 {}仍未结束则需关注"),
    // The page of a cause.
    ("cause of playbook {} ({}): {}", "属于剧本 {}（{}）：{}"),
    ("How it shows", "如何表现"),
    ("How it is proven", "如何证实"),
    ("Names in these checks", "检查式中的名称"),
    ("Not to be confused with", "易混淆的原因"),
    ("How to mend it", "如何修复"),
    ("Sources", "依据"),
    ("certain: state says so", "确定：对象状态直接表明"),
    ("likely: a component says so", "很可能：组件自己的消息表明"),
    ("possible: it follows from what else is there", "可能：由其他事实推断"),
    ("if: ", "条件："),
    ("only if: ", "仅当："),
    ("cites: ", "引用："),
    ("{}, reason {}", "{}，事件原因 {}"),
    ("versions: {}", "版本：{}"),
    ("pattern: ", "匹配式："),
    ("It shows in no message; state and what else is there tell it.", "没有专门的消息；由对象状态和其他事实判断。"),
    ("shown instead of {}", "出现时取代 {}"),
    ("not shown beside {}, which explains it", "由 {} 解释时不再单独显示"),
    ("root cause", "根因"),
    ("wrapper around a cause", "外层错误，真正原因在其后"),
    ("symptom", "表象"),
    // The handbook.
    ("Storage troubleshooting handbook", "Kubernetes 存储故障排查手册"),
    (
        "This handbook is generated from the playbooks of storage-doctor. `kubectl storage-doctor TYPE NAME` follows the \
         same paths by itself. Words in angle brackets stand for what is found in the cluster; words in capitals in \
         commands are to be filled in.",
        "本手册由 storage-doctor 的剧本自动生成。`kubectl storage-doctor TYPE NAME` 会自动按同样的路径排查。\
         尖括号中的词代表集群中的实际内容；命令中的大写单词需要自行替换。",
    ),
    ("Contents", "目录"),
    ("Symptom", "症状"),
    ("Look by hand", "手工查看"),
    ("Is it only waiting?", "是否只是在等待？"),
    ("Normal; worry after {}.", "属正常现象；超过 {} 则需关注。"),
    ("Normal; this may last.", "属正常现象；可能会持续下去。"),
    ("Decision path", "排查路径"),
    (
        "Causes are decided in this order; the first that holds is named first.",
        "按以下顺序判断原因；最先成立的排在最前。",
    ),
    ("Causes", "原因与修复"),
    ("This playbook is about {}.", "本节针对 {}。"),
    ("None of these: the playbook does not know the cause.", "以上均不成立：剧本中没有收录该原因。"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_locales_name_languages() {
        for code in ["zh", "zh_CN.UTF-8", "zh-Hans", "ZH"] {
            assert_eq!(Language::from_code(code), Language::Chinese, "{code}");
        }
        for code in ["", "C", "C.UTF-8", "en_GB", "zhx", "de"] {
            assert_eq!(Language::from_code(code), Language::English, "{code}");
        }
    }

    #[test]
    fn sentences_hold_the_same_holes() {
        for (english, chinese) in CHINESE {
            assert_eq!(english.matches("{}").count(), chinese.matches("{}").count(), "{english}");
            assert!(!chinese.is_ascii(), "{english}");
        }
        assert_eq!(Language::Chinese.fill("{} ago", &["35s"]), "35s前");
        assert_eq!(Language::English.fill("{} and {}", &["1"]), "1 and ");
        assert_eq!(Language::Chinese.say("no such word"), "no such word");
    }
}
