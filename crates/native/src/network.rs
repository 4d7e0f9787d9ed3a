//! Networks with their weights.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{env, fs};

use shoal::archive::npz::FeatureSpec;
use shoal::backbones::Backbone;
use shoal::options::FeatureKind;
use shoal::preprocess::PREPROCESSING_VERSION;
use shoal_kernels::CpuNet;
use shoal_weights::{WeightsInfo, backbone, convert};

use crate::NativeError;

const MOBILENET_V2: &[u8] = include_bytes!("../../../weights/mobilenet_v2_backbone.safetensors");
const MOBILENET_V2_CLASSIFIER: &[u8] = include_bytes!("../../../weights/mobilenet_v2_classifier.safetensors");

/// A network. Copies share its weights.
#[derive(Clone, Debug)]
pub struct Network {
    info: WeightsInfo,
    /// A weights file in the form that the site ships.
    weights: Arc<Vec<u8>>,
    classifier: Classifier,
}

/// Where the weights of a network's classifier are.
#[derive(Clone, Debug)]
enum Classifier {
    None,
    Shipped,
    Fetched(PathBuf),
}

impl Network {
    /// The network that the page uses: MobileNetV2 with the weights that it ships.
    ///
    /// # Errors
    /// [`NativeError::Model`] if the weights that this program was built with cannot be read.
    pub fn shipped() -> Result<Self, NativeError> {
        Ok(Self { classifier: Classifier::Shipped, ..Self::new(MOBILENET_V2.to_vec())? })
    }

    /// A network by its name: the one that is shipped, or one whose weights `scripts/fetch-weights` has fetched.
    ///
    /// # Errors
    /// [`NativeError::ModelMissing`] if they have not been fetched; those of [`Self::read`].
    pub fn of(backbone: Backbone) -> Result<Self, NativeError> {
        let shipped = Self::shipped()?;
        if backbone == shipped.backbone() {
            return Ok(shipped);
        }
        let descriptor = backbone.descriptor();
        let folder = fetched_weights().join(descriptor.name);
        let file = folder.join(format!("{}_backbone.safetensors", descriptor.architecture));
        if !file.is_file() {
            return Err(NativeError::ModelMissing { backbone, file });
        }
        let classifier = folder.join(format!("{}_classifier.safetensors", descriptor.architecture));
        Ok(Self { classifier: Classifier::Fetched(classifier), ..Self::read(&file)? })
    }

    /// The best network whose weights are here, which is how the page chooses.
    ///
    /// # Errors
    /// Those of [`Self::of`], except for [`NativeError::ModelMissing`].
    pub fn best() -> Result<Self, NativeError> {
        let mut here = Backbone::ALL.iter().map(|&backbone| Self::of(backbone));
        let found = here.find(|network| !matches!(network, Err(NativeError::ModelMissing { .. })));
        found.unwrap_or_else(Self::shipped)
    }

    /// The network that computed the features of `spec`, if its weights are here.
    pub fn of_features(spec: &FeatureSpec) -> Option<Self> {
        let mut here = Backbone::ALL.iter().filter_map(|&backbone| Self::of(backbone).ok());
        here.find(|network| network.info.sha256 == spec.weights_sha256)
    }

    /// The network in a weights file: one that the site ships, or a checkpoint of torchvision or timm, which is converted in
    /// memory.
    ///
    /// # Errors
    /// [`NativeError::Unreadable`], [`NativeError::Weights`].
    pub fn read(file: &Path) -> Result<Self, NativeError> {
        let bytes = fs::read(file).map_err(NativeError::unreadable(file))?;
        Self::from_bytes(bytes).map_err(|error| match error {
            NativeError::Model(error) => NativeError::Weights { path: file.to_owned(), error },
            other => other,
        })
    }

    /// The network in the bytes of a weights file; see [`Self::read`].
    ///
    /// # Errors
    /// [`NativeError::Model`].
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, NativeError> {
        if convert::is_converted(&bytes) { Self::new(bytes) } else { Self::new(convert::convert(&bytes)?.backbone) }
    }

    fn new(weights: Vec<u8>) -> Result<Self, NativeError> {
        let info = backbone::read(&weights, None)?.info;
        Ok(Self { info, weights: Arc::new(weights), classifier: Classifier::None })
    }

    /// Which network it is.
    pub fn backbone(&self) -> Backbone {
        self.info.backbone
    }

    /// What the weights file says of itself.
    pub fn info(&self) -> &WeightsInfo {
        &self.info
    }

    /// The weights of the classifier for this network's pooled features, if there is one.
    pub fn classifier(&self) -> Option<Cow<'static, [u8]>> {
        match &self.classifier {
            Classifier::None => None,
            Classifier::Shipped => Some(MOBILENET_V2_CLASSIFIER.into()),
            Classifier::Fetched(file) => Some(fs::read(file).ok()?.into()),
        }
    }

    /// A copy for one thread, ready to compute.
    ///
    /// # Errors
    /// [`NativeError::Model`].
    pub fn load(&self) -> Result<CpuNet, NativeError> {
        Ok(CpuNet::from_weights(&self.weights, None)?)
    }

    /// How the features of images of `size_px` are computed.
    pub fn spec(&self, size_px: u32, features: FeatureKind) -> FeatureSpec {
        FeatureSpec {
            model: self.info.name.clone(),
            weights_sha256: self.info.sha256.clone(),
            size_px,
            features,
            preprocessing: PREPROCESSING_VERSION,
        }
    }

    /// The number of features of an image of `size_px`.
    pub fn columns(&self, size_px: u32, features: FeatureKind) -> usize {
        features.columns(self.info.feature_columns, size_px)
    }
}

/// The folder in which `scripts/fetch-weights` puts weights: `SHOAL_WEIGHTS`, or one in the home folder.
pub fn fetched_weights() -> PathBuf {
    let home = || Path::new(&env::var_os("HOME").unwrap_or_default()).join(".cache/shoal/weights");
    env::var_os("SHOAL_WEIGHTS").map_or_else(home, PathBuf::from)
}
