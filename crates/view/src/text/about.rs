//! Texts of the facts about the run.

use shoal::backbones::Backbone;
use shoal_engine::{EngineInfo, Measured, Timings};

/// Heading.
pub const ABOUT: &str = "About this run";

/// The backend, network and workers.
pub fn engine_facts(info: &EngineInfo) -> [(&'static str, String); 5] {
    [
        ("Network", network(info)),
        ("Runs on", backend(info.backend).to_owned()),
        ("Workers", info.workers.to_string()),
        ("One picture", measured(&info.measured)),
        ("Features per picture", info.dims.to_string()),
    ]
}

/// The network's name and, where the site lacks a better one, that one's.
fn network(info: &EngineInfo) -> String {
    let label = |name: &str| {
        let known = Backbone::ALL.iter().map(|backbone| backbone.descriptor()).find(|network| network.name == name);
        known.map_or_else(|| name.to_owned(), |network| network.label.to_owned())
    };
    let used = label(&info.network);
    let best = Backbone::ALL[0].name();
    if info.networks.is_empty() || info.networks.iter().any(|name| name == best) {
        return used;
    }
    format!("{used} (this page comes without {}, which finds better groups)", label(best))
}

/// The number of files that belong to an image without being one.
pub fn sidecar_fact(count: usize) -> (&'static str, String) {
    ("Sidecar files", count.to_string())
}

/// Mean time per image of every step; nothing before the first image.
pub fn time_facts(timings: &Timings) -> Vec<(&'static str, String)> {
    if timings.pictures == 0 {
        return Vec::new();
    }
    let images = timings.pictures as f64;
    let steps = &timings.steps;
    let mean = |sum_ms: f64| format!("{:.1} ms per picture", sum_ms / images);
    vec![
        ("Pictures analysed", format!("{images} in {:.1} s", timings.wall_ms / 1000.0)),
        ("Reading", mean(steps.read_ms)),
        ("Checksums", mean(steps.hash_ms)),
        ("Decoding", mean(steps.decode_ms)),
        ("Resizing", mean(steps.resize_ms)),
        ("Thumbnail", mean(steps.thumbnail_ms)),
        ("Features", mean(steps.embed_ms)),
    ]
}

fn backend(name: &str) -> &str {
    match name {
        "cpu" => "CPU (WebAssembly)",
        "webgpu" => "GPU (WebGPU)",
        other => other,
    }
}

fn measured(measured: &Measured) -> String {
    let backends = [
        (Some(measured.cpu_ms), "in one worker"),
        (measured.workers_ms, "in all workers together"),
        (measured.webgpu_ms, "on the GPU"),
    ];
    let tried = backends.into_iter().filter_map(|(ms, backend)| Some(format!("{:.1} ms {backend}", ms?)));
    tried.collect::<Vec<_>>().join(", ")
}
