//! At which commitment accounts are read.
//!
//! Surfpool answers whoever reads an account with its newest state, and names beside it the slot of the commitment that was asked for: at `confirmed`
//! and `finalized` an older one. At `processed` the two agree, so that is how every account is read. Nothing is lost by it: a chain without
//! forks does not undo what it has run. By the web socket surfpool tells of an account at once and with the slot of its change, whichever
//! commitment is named, so there is nothing to mend.

use {
    serde_json::{Value, from_slice, json},
    std::slice,
};

/// The methods that read accounts, and the place of the configuration among the parameters of each.
const READS: [(&str, usize); 10] = [
    ("getAccountInfo", 1),
    ("getBalance", 1),
    ("getLargestAccounts", 0),
    ("getMultipleAccounts", 1),
    ("getProgramAccounts", 1),
    ("getTokenAccountBalance", 1),
    ("getTokenAccountsByDelegate", 2),
    ("getTokenAccountsByOwner", 2),
    ("getTokenLargestAccounts", 1),
    ("getTokenSupply", 1),
];

/// A body in which something reads accounts.
#[derive(Debug)]
pub struct Reading {
    /// The body that reads them at `processed`.
    pub body: Vec<u8>,
    /// Whether it does nothing else, so it may be asked again.
    pub only: bool,
}

/// A request or a batch of them with every account read at `processed`; none if nothing in it reads an account, or it makes no sense.
pub fn rewritten(body: &[u8]) -> Option<Reading> {
    let mut body: Value = from_slice(body).ok()?;
    let requests = match &mut body {
        Value::Array(requests) => requests.as_mut_slice(),
        request => slice::from_mut(request),
    };
    let all = requests.len();
    let reads = requests.iter_mut().filter_map(at_processed).count();
    (reads > 0).then(|| Reading { body: body.to_string().into_bytes(), only: reads == all })
}

/// Has a request read at `processed`, if it is one that reads accounts.
fn at_processed(request: &mut Value) -> Option<()> {
    let method = request.get("method")?.as_str()?;
    let (_, place) = READS.into_iter().find(|(read, _)| *read == method)?;
    let parameters = request.as_object_mut()?.entry("params").or_insert_with(|| json!([])).as_array_mut()?;
    if parameters.len() == place {
        parameters.push(Value::Null);
    }
    let config = parameters.get_mut(place)?;
    if config.is_null() {
        *config = json!({});
    }
    let commitment = config.as_object_mut()?.entry("commitment").or_insert(Value::Null);
    // A name that nobody knows, or knows no longer, is taken for none. What is no name is an error, and surfpool's to tell.
    (commitment.is_null() || commitment.is_string()).then(|| *commitment = "processed".into())
}

/// The slots that an answer, or a batch of them, names beside what was read.
pub fn slots(answer: &[u8]) -> Vec<u64> {
    let answer: Value = from_slice(answer).unwrap_or_default();
    let answers = match &answer {
        Value::Array(answers) => answers.as_slice(),
        answer => slice::from_ref(answer),
    };
    answers.iter().filter_map(|answer| answer.pointer("/result/context/slot")?.as_u64()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: &str, parameters: Value) -> Value {
        json!({ "jsonrpc": "2.0", "id": "a", "method": method, "params": parameters })
    }

    /// What becomes of a body, and whether it only reads.
    fn after(body: &Value) -> Option<(Value, bool)> {
        rewritten(body.to_string().as_bytes()).map(|reading| (from_slice(&reading.body).unwrap(), reading.only))
    }

    #[test]
    fn every_read_of_an_account_is_one_at_processed() {
        for (method, place) in READS {
            let of = |config: Option<Value>| {
                let parameters = (0..place).map(|_| json!("x")).chain(config);
                request(method, parameters.collect())
            };
            let plain = of(Some(json!({ "commitment": "processed" })));
            for config in [None, Some(Value::Null), Some(json!({})), Some(json!({ "commitment": null }))] {
                assert_eq!(after(&of(config)), Some((plain.clone(), true)), "{method}");
            }
            for level in ["processed", "confirmed", "finalized", "recent"] {
                let with = |level: &str| of(Some(json!({ "commitment": level, "minContextSlot": 7, "encoding": "base64" })));
                assert_eq!(after(&with(level)), Some((with("processed"), true)), "{method}");
            }
        }
        let bare = json!({ "jsonrpc": "2.0", "id": 1, "method": "getLargestAccounts" });
        assert_eq!(after(&bare).unwrap().0["params"], json!([{ "commitment": "processed" }]));
    }

    #[test]
    fn what_reads_no_account_or_makes_no_sense_stays_as_it_is() {
        for method in ["getSlot", "getLatestBlockhash", "sendTransaction", "simulateTransaction", "getSignatureStatuses", "noSuchMethod"] {
            assert_eq!(after(&request(method, json!(["x", { "commitment": "confirmed" }]))), None, "{method}");
        }
        for parameters in [json!([]), json!({ "commitment": "confirmed" }), json!(["x", 7]), json!(["x", { "commitment": 7 }]), json!(3)] {
            assert_eq!(after(&request("getAccountInfo", parameters.clone())), None, "{parameters}");
        }
        for body in [json!([]), json!([1]), json!(7), json!({}), json!({ "method": 7 })] {
            assert_eq!(after(&body), None, "{body}");
        }
        for body in [&b""[..], b"{", b"\xff", br#"{"method":"getBalance","params":["x"]} more"#] {
            assert!(rewritten(body).is_none());
        }
    }

    #[test]
    fn a_batch_is_asked_again_only_if_it_does_nothing_but_read() {
        let (read, other) = (request("getBalance", json!(["x"])), request("getSlot", json!([])));
        let processed = request("getBalance", json!(["x", { "commitment": "processed" }]));
        assert_eq!(after(&json!([read, other])), Some((json!([processed, other]), false)));
        assert_eq!(after(&json!([read, read])), Some((json!([processed, processed]), true)));
        assert_eq!(after(&json!([other])), None);
    }

    #[test]
    fn the_slots_of_an_answer_are_found() {
        let answer = |slot: u64| json!({ "jsonrpc": "2.0", "id": 1, "result": { "context": { "slot": slot }, "value": null } });
        assert_eq!(slots(answer(7).to_string().as_bytes()), [7]);
        let error = json!({ "jsonrpc": "2.0", "id": 1, "error": { "code": -32602, "message": "no" } });
        assert_eq!(slots(json!([answer(7), error, { "result": [] }, answer(8)]).to_string().as_bytes()), [7, 8]);
        assert_eq!(slots(b"<html>"), [0; 0]);
    }
}
