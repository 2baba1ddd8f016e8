//! What a kubelet measured of the volumes in use on its node: its `/stats/summary`, pruned.

use super::{DecodeError, decode_object};
use crate::value::Value;

/// What is kept of one filesystem (`FsStats` of k8s.io/kubelet `pkg/apis/stats/v1alpha1`), and of a volume what tells it
/// from others. `volumeHealthStats` comes with the feature gate `CSIVolumeHealth`.
const FILESYSTEM: [&str; 7] =
    ["availableBytes", "capacityBytes", "inodes", "inodesFree", "inodesUsed", "time", "usedBytes"];
const VOLUME: [&str; 3] = ["name", "pvcRef", "volumeHealthStats"];
const POD: [&str; 3] = ["name", "namespace", "uid"];

/// Reads the answer of a kubelet to `/stats/summary`, and keeps, in its own shape, what it says of the node's root
/// filesystem and of the volumes of pods:
/// `{node: {nodeName, fs}, pods: [{podRef, volume: [{name, pvcRef, capacityBytes, …}]}]}`.
/// The error says what else it is.
pub fn decode_stats(json: &[u8]) -> Result<Value, DecodeError> {
    let whole = decode_object(json)?;
    let node = whole.field("node");
    if node.field("nodeName").as_str().is_none() {
        return Err(DecodeError::Shape { message: "not a kubelet's summary: it names no node".to_owned() });
    }
    let pods = whole.field("pods");
    let pods = pods.items().iter().map(pod).filter(|pod| !pod.field("volume").items().is_empty()).collect();
    let fs = kept(&node.field("fs"), &FILESYSTEM);
    let node = Value::map([("nodeName", node.field("nodeName")), ("fs", fs)]);
    Ok(Value::map([("node", node), ("pods", Value::list(pods))]))
}

fn pod(pod: &Value) -> Value {
    let fields = [FILESYSTEM.as_slice(), VOLUME.as_slice()].concat();
    let volumes = pod.field("volume");
    let volumes = volumes.items().iter().map(|volume| kept(volume, &fields)).collect();
    Value::map([("podRef", kept(&pod.field("podRef"), &POD)), ("volume", Value::list(volumes))])
}

/// The fields of that name that there are.
fn kept(value: &Value, names: &[&str]) -> Value {
    let fields = names.iter().map(|name| (*name, value.field(name))).filter(|(_, field)| !field.is_null());
    Value::map(fields.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUMMARY: &str = r#"{"node":{"nodeName":"a","cpu":{"usageNanoCores":1},"fs":{"capacityBytes":100,"usedBytes":40}},
        "pods":[{"podRef":{"name":"web-0","namespace":"shop","uid":"u"},"memory":{},
                 "volume":[{"time":"2026-11-21T03:45:34Z","availableBytes":1,"capacityBytes":10,"usedBytes":9,
                            "inodesFree":5,"inodes":6,"inodesUsed":1,"name":"data","pvcRef":{"name":"data-0","namespace":"shop"}}]},
                {"podRef":{"name":"bare","namespace":"shop","uid":"v"}}]}"#;

    #[test]
    fn a_summary_is_pruned_and_stays_one() {
        let stats = decode_stats(SUMMARY.as_bytes()).unwrap();
        let text = serde_json::to_string(&stats).unwrap();
        assert!(!text.contains("cpu") && !text.contains("memory") && !text.contains("bare"), "{text}");
        let pods = stats.field("pods");
        let volume = pods.items()[0].field("volume").items()[0].clone();
        assert_eq!(volume.at("pvcRef.name").as_str(), Some("data-0"));
        assert!(matches!(volume.field("usedBytes"), Value::Int(9)));
        let again = decode_stats(text.as_bytes()).unwrap();
        assert_eq!(serde_json::to_string(&again).unwrap(), text, "what was recorded reads as what was answered");
    }

    #[test]
    fn what_is_no_summary_is_an_error_and_no_empty_one() {
        for body in ["", "{", "[]", "{}", r#"{"kind":"Status"}"#, r#"{"node":{}}"#, r#"{"node":{"nodeName":1}}"#] {
            assert!(decode_stats(body.as_bytes()).is_err(), "{body}");
        }
        let odd = decode_stats(br#"{"node":{"nodeName":"a"},"pods":[1,null,{"volume":7},{"volume":[1]}]}"#).unwrap();
        assert_eq!(odd.field("pods").items().len(), 1);
    }
}
