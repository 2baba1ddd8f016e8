//! From the server's JSON to the engine's values, without what no playbook reads.
//!
//! `metadata.managedFields` and the last-applied annotation are most of the bytes of an object; they
//! are dropped page by page, so that a list of ten thousand objects stays small.

use storage_doctor::evidence::Resource;
use storage_doctor::source::{PageDecoder, decode_object};
use storage_doctor::value::Value;

/// Where a page's items begin at the latest, in bytes: before them stand a kind, a version and a token.
const HEAD: usize = 16 * 1024;

/// One page of a list.
pub(crate) struct Page {
    /// The items.
    pub(crate) items: Vec<Value>,
    /// How many items are no objects, and so not among `items`.
    pub(crate) malformed: usize,
    /// Where the next page begins, if there is one.
    pub(crate) next: Option<String>,
}

/// One object.
pub(crate) fn object(body: &[u8]) -> Result<Value, String> {
    let object = decode_object(body).map_err(|e| e.to_string())?;
    if object.at("metadata.name").as_str().is_none() {
        return Err("what came is no object".to_owned());
    }
    Ok(object)
}

/// A page of a list of `resource`, read by the decoder of that list. A server sends an object with `items`, never a bare array.
pub(crate) fn page(decoder: &PageDecoder, resource: &Resource, body: &[u8]) -> Result<Page, String> {
    let begins = body.iter().find(|b| !b.is_ascii_whitespace());
    if begins == Some(&b'[') {
        return Err("what came is no list".to_owned());
    }
    let list = decoder.decode(body).map_err(|e| e.to_string())?.stamped(resource);
    Ok(Page {
        items: list.items,
        malformed: list.malformed,
        next: list.continue_token.filter(|token| !token.is_empty()),
    })
}

/// Where the page after this one begins, as far as that can be told without reading the items: a server writes what it
/// says of the list before them. The page itself has the last word.
pub(crate) fn next_page(body: &[u8]) -> Option<String> {
    const ITEMS: &[u8] = b"\"items\":[";
    let head = body.get(..body.len().min(HEAD))?;
    let at = head.windows(ITEMS.len()).position(|part| part == ITEMS)?;
    let head = [body.get(..at)?, ITEMS, b"]}"].concat();
    PageDecoder::default().decode(&head).ok()?.continue_token
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_pruned_and_its_items_know_their_kind() {
        let class = Resource::by_name("storageclasses.storage.k8s.io").unwrap();
        let body = br#"{"kind":"StorageClassList","metadata":{"continue":"abc"},"items":[
            {"metadata":{"name":"fast","managedFields":[{}],"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{}","a":"b"}}}]}"#;
        let page = page(&PageDecoder::default(), &class, body).unwrap();
        assert_eq!(page.next.as_deref(), Some("abc"));
        let item = &page.items[0];
        assert_eq!(item.at("kind").as_str(), Some("StorageClass"));
        assert_eq!(item.at("apiVersion").as_str(), Some("storage.k8s.io/v1"));
        assert!(item.at("metadata.managedFields").is_null());
        assert_eq!(item.at("metadata.annotations.a").as_str(), Some("b"));
    }

    #[test]
    fn the_next_page_is_told_by_the_head_of_this_one() {
        let body =
            br#"{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"7","continue":"abc"},"items":[{"#;
        assert_eq!(next_page(body).as_deref(), Some("abc"));
        let last = br#"{"kind":"PodList","metadata":{"resourceVersion":"7","continue":""},"items":[{}]}"#;
        let late = br#"{"items":[{"metadata":{"continue":"abc"}}],"metadata":{"continue":"abc"}}"#;
        for body in [&last[..], &late[..], b"", b"[]", br#"{"metadata":{"continue":"abc"}}"#] {
            assert_eq!(next_page(body), None, "{}", String::from_utf8_lossy(body));
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_are_a_panic(bytes: Vec<u8>, text in r#"[{}\[\]":,a-z0-9]*"#) {
            let pods = Resource::by_name("pods").unwrap();
            for body in [bytes.as_slice(), text.as_bytes()] {
                let _ = page(&PageDecoder::default(), &pods, body);
                let _ = object(body);
            }
        }
    }

    #[test]
    fn what_is_no_list_is_no_empty_list() {
        let pods = Resource::by_name("pods").unwrap();
        for body in ["", "{", "[]", "{}", r#"{"items":{}}"#, r#"{"kind":"Status"}"#, "<html>"] {
            assert!(page(&PageDecoder::default(), &pods, body.as_bytes()).is_err(), "{body}");
            assert!(object(body.as_bytes()).is_err(), "{body}");
        }
        assert!(page(&PageDecoder::default(), &pods, br#"{"items":null}"#).unwrap().items.is_empty());
        let odd = page(&PageDecoder::default(), &pods, br#"{"items":[1,{"metadata":{"name":"a"}},null]}"#).unwrap();
        assert_eq!((odd.items.len(), odd.malformed), (1, 2));
        let deep = "[".repeat(100_000);
        assert!(page(&PageDecoder::default(), &pods, deep.as_bytes()).is_err());
    }
}
