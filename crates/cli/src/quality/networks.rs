//! The networks that are compared.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use shoal::backbones::Backbone;
use shoal::error::Coded;
use shoal_native::network::fetched_weights;
use shoal_weights::{backbone, convert};

const MOBILENET_V2: &[u8] = include_bytes!("../../../../weights/mobilenet_v2_backbone.safetensors");

/// A network with its weights as the site ships them.
pub struct Network {
    /// Which network it is.
    pub backbone: Backbone,
    /// The SHA-256 of its weights, in hexadecimal.
    pub sha256: String,
    /// A weights file.
    pub weights: Vec<u8>,
}

impl Network {
    fn new(weights: Vec<u8>) -> Result<Self, Box<dyn Error>> {
        let info = backbone::read(&weights, None).map_err(|error| format!("{}: {error}", error.code()))?.info;
        Ok(Self { backbone: info.backbone, sha256: info.sha256, weights })
    }
}

/// The network in the file `weights`, converted in memory where that is needed; without a file MobileNetV2 and, where
/// `scripts/fetch-weights` has fetched it, EfficientNet-Lite0.
///
/// # Errors
/// A message, beginning with a stable code, when a file cannot be used.
pub fn networks(weights: Option<&Path>) -> Result<Vec<Network>, Box<dyn Error>> {
    if let Some(file) = weights {
        return Ok(vec![read(file)?]);
    }
    let mut networks = vec![Network::new(MOBILENET_V2.to_vec())?];
    let fetched = fetched();
    if fetched.is_file() {
        networks.push(read(&fetched)?);
    } else {
        eprintln!("{} is left out: run scripts/fetch-weights", Backbone::EfficientnetLite0);
    }
    Ok(networks)
}

fn fetched() -> PathBuf {
    fetched_weights().join("efficientnet-lite0/efficientnet_lite0_backbone.safetensors")
}

fn read(file: &Path) -> Result<Network, Box<dyn Error>> {
    let bytes = fs::read(file).map_err(|error| format!("io: could not read {}: {error}", file.display()))?;
    if convert::is_converted(&bytes) {
        return Network::new(bytes);
    }
    let converted =
        convert::convert(&bytes).map_err(|error| format!("{}: {}: {error}", error.code(), file.display()))?;
    Network::new(converted.backbone)
}
