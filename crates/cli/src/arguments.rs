//! The options of all subcommands.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;
use shoal::backbones::Backbone;
use shoal::options::{
    ClusterCount, ClusterMethod, ClusterOptions, DEFAULT_RESTARTS, FeatureKind, OptionError, Recipe, parse_size_px,
};
use shoal_native::NativeError;
use shoal_native::embedding::Embedding;
use shoal_native::features_file;
use shoal_native::network::Network;

const EXIT_CODES: &str = "\
Exit codes:
  0    done
  1    failed
  2    wrong usage
  3    done, but some images could not be read or sorted
  130  stopped by Ctrl-C: what was done is kept, and the same command continues";

/// Sorts images by visual content.
#[derive(Debug, Parser)]
#[command(name = "shoal", version, after_help = EXIT_CODES, propagate_version = true)]
pub struct Arguments {
    /// Print the result, or the error, as JSON on standard output
    #[arg(long, global = true)]
    pub json: bool,
    /// Show neither progress nor a summary
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// A subcommand.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Compute the features of images
    ///
    /// Writes a features file, which the page opens ("Open…") and numpy.load reads. If the file exists, images that are new or
    /// changed are added to it; other images are not computed again.
    Embed(EmbedCommand),
    /// Cluster images by their features
    ///
    /// Writes a session file, which the page opens ("Open…"). The same features file, k and seed give the same clusters as in
    /// the page.
    Cluster(ClusterCommand),
    /// Sort images into folders, one per cluster
    ///
    /// Copies or moves images into folders, with assignments.csv, assignments.json (the session) and features.npz beside them.
    /// Nothing is overwritten; an interrupted run is continued by the same command.
    Sort(SortCommand),
    /// Write clusters, scores and charts as one HTML file
    Report(ReportCommand),
    /// Measure how well labelled images are clustered
    ///
    /// Embeds the images with every network at several sizes and clusters them after every feature transform. Prints a Markdown
    /// table of agreement with the folders.
    Quality {
        /// A folder with one folder per class
        dir: PathBuf,
        /// Other weights, .safetensors or .pth
        #[arg(long, value_name = "FILE")]
        weights: Option<PathBuf>,
    },
    /// Convert a checkpoint into the form that the page ships
    ///
    /// Writes the network, its classifier and manifest.json, and the figures into the folder's README.md if there is one.
    Weights {
        /// A checkpoint of torchvision or timm, .safetensors or .pth
        from: PathBuf,
        /// The folder to write to
        out_dir: PathBuf,
    },
    /// Print a script that completes this command's options in a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Write the man pages into a folder
    Man {
        /// The folder, which must exist
        dir: PathBuf,
    },
}

/// The options of `embed`.
#[derive(Debug, Args)]
pub struct EmbedCommand {
    /// Folders and images
    #[arg(required = true, value_name = "SOURCE")]
    pub sources: Vec<PathBuf>,
    /// The features file, .npz
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// How images are embedded.
    #[command(flatten)]
    pub embedding: EmbeddingArguments,
}

/// The options of `cluster`.
#[derive(Debug, Args)]
pub struct ClusterCommand {
    /// The features file, of this command, of the page, or of another program
    pub features: PathBuf,
    /// The session file, .json
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// How images are clustered.
    #[command(flatten)]
    pub clustering: ClusteringArguments,
}

/// The options of `sort`.
#[derive(Debug, Args)]
pub struct SortCommand {
    /// Folders and images
    #[arg(required = true, value_name = "SOURCE")]
    pub sources: Vec<PathBuf>,
    /// The folder for the clusters' folders
    #[arg(long, value_name = "DIR")]
    pub to: PathBuf,
    /// Move files instead of copying them
    #[arg(long = "move")]
    pub moves: bool,
    /// Keep the folders that images came in below those of their clusters
    #[arg(long)]
    pub keep_folders: bool,
    /// How images are embedded.
    #[command(flatten)]
    pub embedding: EmbeddingArguments,
    /// How images are clustered.
    #[command(flatten)]
    pub clustering: ClusteringArguments,
}

/// The options of `report`.
#[derive(Debug, Args)]
pub struct ReportCommand {
    /// The session file, of this command or of the page
    pub session: PathBuf,
    /// The report, .html
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// A folder that was embedded, for thumbnails; may be repeated
    #[arg(long = "images", value_name = "SOURCE")]
    pub sources: Vec<PathBuf>,
    /// The features file, for the facts about the network
    #[arg(long, value_name = "FILE")]
    pub features: Option<PathBuf>,
}

/// How images are embedded.
#[derive(Debug, Args)]
pub struct EmbeddingArguments {
    /// The network: mobilenet-v2, or efficientnet-lite0 where scripts/fetch-weights has fetched its weights; by default that of
    /// the features file, else the latter if it is there, as in the page
    #[arg(long)]
    pub model: Option<Backbone>,
    /// Other weights, .safetensors or .pth, which take precedence over --model
    #[arg(long, value_name = "FILE")]
    pub weights: Option<PathBuf>,
    /// The side in pixels that images are resized to, a multiple of 32; by default that of the network
    #[arg(long, value_name = "PX", value_parser = parse_size_px)]
    pub size: Option<u32>,
    /// The part of the network's output that becomes the features: pooled or flat
    #[arg(long = "feature-kind", value_name = "KIND", default_value = "pooled")]
    pub kind: FeatureKind,
    /// The number of threads; by default one per core
    #[arg(long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,
}

impl EmbeddingArguments {
    /// The network: the one that is named, else that of the features file at `features`, else the best that is here.
    ///
    /// # Errors
    /// [`NativeError::ModelMissing`], [`NativeError::Unreadable`], [`NativeError::Weights`].
    pub fn network(&self, features: &Path) -> Result<Network, NativeError> {
        if let Some(weights) = &self.weights {
            return Network::read(weights);
        }
        if let Some(model) = self.model {
            return Network::of(model);
        }
        let spec = features_file::open(features).ok().and_then(|file| file.head().spec.clone());
        spec.and_then(|spec| Network::of_features(&spec)).map_or_else(Network::best, Ok)
    }

    /// How images are embedded with `network`.
    pub fn embedding<'a>(&self, network: &'a Network) -> Embedding<'a> {
        let default_size_px = network.backbone().descriptor().default_size_px;
        let size_px = self.size.unwrap_or(default_size_px);
        Embedding { network, size_px, features: self.kind, threads: self.threads }
    }
}

/// How images are clustered. Names, defaults and ranges are those of the page's attributes.
#[derive(Debug, Args)]
pub struct ClusteringArguments {
    /// The number of clusters, or auto
    #[arg(short, default_value = "auto")]
    pub k: ClusterCount,
    /// The seed of the random numbers
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u32,
    /// The clustering method: kmeans, hdbscan or ward
    #[arg(long, default_value = "kmeans")]
    pub method: ClusterMethod,
    /// The feature transform: smooth, spherical, umap or plain; by default that of the method
    #[arg(long)]
    pub recipe: Option<Recipe>,
    /// How often KMeans is restarted
    #[arg(long, value_name = "N", default_value_t = DEFAULT_RESTARTS, value_parser = clap::value_parser!(u32).range(1..))]
    pub restarts: u32,
    /// The least size of a cluster, for hdbscan
    #[arg(long, value_name = "N", value_parser = parse_min_cluster_size)]
    pub min_cluster_size: Option<usize>,
    /// Leave clusters without suggested names
    #[arg(long)]
    pub no_names: bool,
}

impl ClusteringArguments {
    /// The options of clustering.
    pub fn options(&self) -> ClusterOptions {
        ClusterOptions {
            k: self.k,
            seed: self.seed,
            restarts: self.restarts,
            recipe: self.recipe,
            method: self.method,
            min_cluster_size: self.min_cluster_size,
        }
    }
}

fn parse_min_cluster_size(value: &str) -> Result<usize, OptionError> {
    let error = || OptionError { name: "min-cluster-size", value: value.into(), allowed: "a whole number from 2" };
    value.parse().ok().filter(|&size| size >= 2).ok_or_else(error)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn options_do_not_contradict_each_other() {
        super::Arguments::command().debug_assert();
    }
}
