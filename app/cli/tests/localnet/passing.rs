//! What passes through the local validator's JSON-RPC port as it is, and what does not pass.

use {
    crate::common::Running,
    serde_json::{Value, json},
    std::{
        io::{BufRead, BufReader, Read, Write},
        net::TcpStream,
    },
};

/// A connection that is kept for several requests.
struct Kept(BufReader<TcpStream>);

/// A response: its first line, its other lines in small letters, and its body.
struct Response {
    status: String,
    headers: Vec<String>,
    body: String,
}

impl Kept {
    fn to(running: &Running) -> Self {
        Self(BufReader::new(TcpStream::connect(running.url().strip_prefix("http://").unwrap()).unwrap()))
    }

    /// Sends a request, and reads as far as its response goes.
    fn ask(&mut self, head: &str, body: &str) -> Response {
        write!(self.0.get_mut(), "{head}Host: localhost\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        self.answer()
    }

    fn answer(&mut self) -> Response {
        let mut lines = self.0.by_ref().lines().map(|line| line.unwrap()).take_while(|line| !line.is_empty());
        let status = lines.next().unwrap();
        let headers: Vec<_> = lines.map(|line| line.to_ascii_lowercase()).collect();
        let length = headers.iter().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |length| length.parse().unwrap());
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).unwrap();
        Response { status, headers, body: String::from_utf8(body).unwrap() }
    }

    fn post(&mut self, body: &str) -> Value {
        let answer = self.ask("POST / HTTP/1.1\r\nContent-Type: application/json\r\n", body);
        serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{}: {}", answer.status, answer.body))
    }
}

fn request(id: u32, method: &str, parameters: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": parameters })
}

#[test]
fn one_connection_carries_many_requests_and_batches() {
    let running = Running::start(&[]);
    let mut kept = Kept::to(&running);
    let address = running.ready["funded"][0]["address"].as_str().unwrap();
    for id in 0..3 {
        let answer = kept.post(&request(id, "getBalance", json!([address])).to_string());
        assert_eq!((&answer["id"], &answer["result"]["value"]), (&json!(id), &json!(100_000_000_000u64)));
    }
    let batch = [request(1, "getHealth", json!([])), request(2, "getBalance", json!([address])), request(3, "noSuchMethod", json!([]))];
    let answers = kept.post(&json!(batch).to_string());
    let answer = |id: u32| answers.as_array().unwrap().iter().find(|answer| answer["id"] == id).unwrap();
    assert_eq!(answer(1)["result"], "ok");
    assert_eq!(answer(2)["result"]["value"], 100_000_000_000u64);
    assert_eq!(answer(3)["error"]["code"], -32601);
    // What is not there is not there at any commitment, and a slot to come is not reached.
    let slot = kept.post(&request(4, "getSlot", json!([])).to_string())["result"].as_u64().unwrap();
    let later = |slot| request(5, "getAccountInfo", json!([address, { "commitment": "confirmed", "minContextSlot": slot }])).to_string();
    assert_eq!(kept.post(&later(slot + 1_000_000))["error"]["code"], -32016);
    assert!(kept.post(&later(slot))["result"]["context"]["slot"].as_u64().unwrap() >= slot);
}

#[test]
fn what_is_no_request_is_answered_as_surfpool_answers_it() {
    let running = Running::start(&[]);
    let mut kept = Kept::to(&running);
    assert_eq!(kept.post("{\"method\":")["error"]["code"], -32700);
    assert_eq!(kept.post("[1]")["error"]["code"], -32700);
    let wrong = |parameters| request(1, "getAccountInfo", parameters).to_string();
    for parameters in [json!([]), json!({ "commitment": "confirmed" }), json!(["x", 7])] {
        assert_eq!(kept.post(&wrong(parameters))["error"]["code"], -32602);
    }
    assert!(kept.ask("GET / HTTP/1.1\r\n", "").status.contains("405"));
}

#[test]
fn a_browser_may_ask() {
    let running = Running::start(&[]);
    let mut kept = Kept::to(&running);
    let preflight = kept.ask(
        "OPTIONS / HTTP/1.1\r\nOrigin: http://localhost:5173\r\nAccess-Control-Request-Method: POST\r\n\
         Access-Control-Request-Headers: content-type,solana-client\r\n",
        "",
    );
    assert!(preflight.status.contains("200"), "{}", preflight.status);
    let allows = |response: &Response, header: &str, value: &str| {
        response.headers.iter().any(|line| line.split_once(": ").is_some_and(|(name, all)| name == header && all.contains(value)))
    };
    assert!(allows(&preflight, "access-control-allow-methods", "post"), "{:?}", preflight.headers);
    assert!(allows(&preflight, "access-control-allow-headers", "solana-client"), "{:?}", preflight.headers);
    let head = "POST / HTTP/1.1\r\nContent-Type: application/json\r\nOrigin: http://localhost:5173\r\n";
    let address = running.ready["funded"][0]["address"].as_str().unwrap();
    let asked = kept.ask(head, &request(1, "getBalance", json!([address])).to_string());
    for response in [preflight, asked] {
        let origin = "access-control-allow-origin";
        assert!(allows(&response, origin, "*") || allows(&response, origin, "localhost:5173"), "{:?}", response.headers);
    }
}

#[test]
fn more_than_surfpool_reads_is_not_read() {
    let running = Running::start(&[]);
    let mut kept = Kept::to(&running);
    // Only said, not sent.
    write!(kept.0.get_mut(), "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000000\r\n\r\n{{")
        .unwrap();
    let answer = kept.answer();
    assert!(answer.status.contains("413"), "{}", answer.status);
    assert_eq!(running.ask("getHealth", json!([])), "ok");
}
