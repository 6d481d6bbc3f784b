//! The document of the API, made from the types by a test, so that no schema library is in the
//! program: `OUTBOX_DOCTOR_WRITE=1 cargo test --features native --lib openapi` writes it anew.

use std::fs;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::history::Past;
use super::{Failure, Health, Problem, Providers, Told};
use crate::network::Report;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/serve/openapi.json");

/// A route: path, what it answers, in which media type, and what else may happen.
struct Route {
    path: &'static str,
    says: &'static str,
    kind: &'static str,
    schema: Value,
    problems: &'static [Problem],
}

const ALWAYS: [Problem; 4] = [
    Problem::TooManyRequests,
    Problem::Forbidden,
    Problem::MethodNotAllowed,
    Problem::BodyNotAllowed,
];

fn schema<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    generator.subschema_for::<T>().into()
}

fn routes(of: &mut SchemaGenerator) -> Vec<Route> {
    let route = |path, says, schema, problems| Route {
        path,
        says,
        kind: "application/json",
        schema,
        problems,
    };
    vec![
        route("/v1/health", "the server and where it looks from", schema::<Health>(of), &[]),
        route("/v1/providers", "all that can be asked about", schema::<Providers>(of), &[]),
        route(
            "/v1/report/{id}",
            "what this vantage sees of a provider; the same for everybody",
            schema::<Report>(of),
            &[Problem::UnknownProvider, Problem::Busy],
        ),
        Route {
            kind: "text/event-stream",
            ..route(
                "/v1/report/{id}/events",
                "the same while it is measured: events `report`, `target`, `stage` and at last `done`, \
                 their data in this schema; a line that begins with a colon says nothing",
                schema::<Told>(of),
                &[Problem::UnknownProvider, Problem::Busy],
            )
        },
        route(
            "/v1/history/{id}",
            "what was measured in the last 24 hours and 30 days",
            schema::<Past>(of),
            &[Problem::UnknownProvider, Problem::NoHistory, Problem::Internal],
        ),
        route("/v1/openapi.json", "this document", json!({"type": "object"}), &[]),
    ]
}

fn document() -> Value {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|it| it.definitions_path = "/components/schemas".into())
        .for_serialize()
        .into_generator();
    let failure = schema::<Failure>(&mut generator);
    let routes = routes(&mut generator);
    let paths: Map<String, Value> =
        routes.iter().map(|it| (it.path.to_owned(), it.written(&failure))).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Outbox Doctor probe",
            "version": "1",
            "description": "Read only. Nothing goes in but the id of a provider of the catalogue.",
            "license": { "name": "MIT OR Apache-2.0" },
        },
        "paths": paths,
        "components": { "schemas": generator.take_definitions(true) },
    })
}

impl Route {
    fn written(&self, failure: &Value) -> Value {
        let good = json!({
            "description": self.says,
            "content": { self.kind: { "schema": self.schema } },
        });
        let mut responses = Map::from_iter([("200".to_owned(), good)]);
        for problem in self.problems.iter().chain(&ALWAYS) {
            let (status, response) = refusal(*problem, failure);
            responses.insert(status, response);
        }
        let parameter = json!({
            "name": "id", "in": "path", "required": true, "schema": { "type": "string" },
            "description": "of a provider in `/v1/providers`",
        });
        let parameters: Vec<Value> =
            self.path.contains("{id}").then_some(parameter).into_iter().collect();
        json!({ "get": { "parameters": parameters, "responses": responses } })
    }
}

fn refusal(problem: Problem, failure: &Value) -> (String, Value) {
    let status = problem.status();
    let mut response = json!({
        "description": status.canonical_reason(),
        "content": { "application/json": { "schema": failure } },
    });
    if matches!(problem, Problem::TooManyRequests | Problem::Busy) {
        response["headers"] = json!({
            "Retry-After": { "required": true, "schema": { "type": "string", "pattern": "^[0-9]+$" } },
        });
    }
    (status.as_str().to_owned(), response)
}

#[test]
fn the_document_is_made_from_the_types() {
    let made = format!("{:#}\n", document());
    if std::env::var_os("OUTBOX_DOCTOR_WRITE").is_some() {
        fs::write(FILE, &made).unwrap();
    }
    let kept = fs::read_to_string(FILE).unwrap().replace("\r\n", "\n");
    assert!(made == kept, "write src/serve/openapi.json anew; see src/serve/openapi.rs");
}
