//! Naming conventions of checkpoints: which one a file follows, and its names turned into ours.
//!
//! Our names are those of [`crate::layers`]. Batch norm that is not folded yet is `LAYER.norm`, and the last layer is
//! `classifier`.

mod efficientnet_pytorch;
mod timm;
mod torchvision;

use std::collections::BTreeMap;

use shoal::backbones::{Backbone, Descriptor};

/// Every convention that a checkpoint may follow.
const CONVENTIONS: [Convention; 3] = [torchvision::CONVENTION, timm::CONVENTION, efficientnet_pytorch::CONVENTION];

/// How one library names the modules of one backbone.
struct Convention {
    /// The library's name.
    name: &'static str,
    backbone: Backbone,
    /// The weights of the stem, which every file with this convention has.
    stem_weight: &'static str,
    /// The library's names for the stem, the head and the classifier.
    outer: Outer,
    /// The library's names for the parts of the block at a place.
    block: fn(&Place) -> Vec<Part>,
}

/// Names of the modules outside the blocks, each with its norm.
struct Outer {
    stem: [&'static str; 2],
    head: [&'static str; 2],
    classifier: &'static str,
}

/// Where a block is.
struct Place {
    stage: usize,
    index_in_stage: usize,
    index: usize,
    expands: bool,
}

/// A convolution and its norm, in a library's names, with our name within the block.
struct Part {
    convolution: String,
    norm: String,
    ours: &'static str,
}

/// The convention that a checkpoint follows, and what comes before every name.
#[derive(Debug)]
pub(crate) struct Naming {
    /// For instance `state_dict.` or `module.`; often empty.
    prefix: String,
    /// The network that the names are those of.
    pub backbone: Backbone,
    /// Our name for each of the library's modules.
    modules: BTreeMap<String, String>,
}

impl Naming {
    /// Finds the network among the names of all tensors. Where a checkpoint holds several, a running average (`ema`) of the
    /// weights comes last, and a shorter prefix first. `None` when the names follow no known convention.
    pub fn of<'a>(names: impl Iterator<Item = &'a str>) -> Option<Self> {
        let candidates = names.flat_map(|name| {
            CONVENTIONS.iter().enumerate().filter_map(move |(order, convention)| {
                let prefix = name.strip_suffix(convention.stem_weight)?;
                (prefix.is_empty() || prefix.ends_with('.')).then_some((prefix, order))
            })
        });
        let (prefix, order) =
            candidates.min_by_key(|(prefix, order)| (is_average(prefix), prefix.len(), *prefix, *order))?;
        let convention = &CONVENTIONS[order];
        Some(Self { prefix: prefix.to_owned(), backbone: convention.backbone, modules: convention.modules() })
    }

    /// Our name for the tensor `name`; `None` when it is not part of the network that was found. A name that the backbone
    /// does not have stays as it is after the prefix.
    pub fn ours(&self, name: &str) -> Option<String> {
        let name = name.strip_prefix(&self.prefix)?;
        let renamed = name
            .rsplit_once('.')
            .and_then(|(module, parameter)| self.modules.get(module).map(|ours| format!("{ours}.{parameter}")));
        Some(renamed.unwrap_or_else(|| name.to_owned()))
    }
}

/// The conventions in words, for messages.
pub(crate) fn known_conventions() -> String {
    CONVENTIONS.map(|convention| convention.name).join(", ")
}

impl Convention {
    fn modules(&self) -> BTreeMap<String, String> {
        let Outer { stem, head, classifier } = self.outer;
        let mut modules = BTreeMap::from([(classifier.to_owned(), "classifier".to_owned())]);
        let mut insert = |convolution: &str, norm: &str, ours: &str| {
            modules.insert(convolution.to_owned(), ours.to_owned());
            modules.insert(norm.to_owned(), format!("{ours}.norm"));
        };
        insert(stem[0], stem[1], "stem");
        insert(head[0], head[1], "head");
        for place in places(self.backbone.descriptor()) {
            for Part { convolution, norm, ours } in (self.block)(&place) {
                insert(&convolution, &norm, &format!("blocks.{}.{ours}", place.index));
            }
        }
        modules
    }
}

fn places(descriptor: &Descriptor) -> Vec<Place> {
    let in_stages = descriptor.stages.iter().enumerate().flat_map(|(stage, stages)| {
        (0..stages.repeats).map(move |index_in_stage| (stage, index_in_stage, stages.expansion != 1))
    });
    let place = |(index, (stage, index_in_stage, expands))| Place { stage, index_in_stage, index, expands };
    in_stages.enumerate().map(place).collect()
}

/// Whether a prefix names an exponential moving average, as `model_ema.` does.
fn is_average(prefix: &str) -> bool {
    prefix.split(['.', '_']).any(|word| word == "ema")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naming(names: &[&str]) -> Option<Naming> {
        Naming::of(names.iter().copied())
    }

    #[test]
    fn the_network_is_found_under_its_prefix() {
        let wrapped = naming(&["epoch", "state_dict.module.features.0.0.weight", "state_dict.module.x"]).unwrap();
        assert_eq!(wrapped.ours("state_dict.module.features.1.conv.1.weight").unwrap(), "blocks.0.project.weight");
        assert_eq!(wrapped.ours("optimizer.state.0"), None);
        assert!(naming(&["stem.weight", "blocks.0.depthwise.weight"]).is_none());
        assert!(naming(&["myfeatures.0.0.weight"]).is_none());
        assert!(naming(&[]).is_none());
    }

    #[test]
    fn a_running_average_comes_last_whatever_the_order() {
        for names in [
            ["ema.features.0.0.weight", "model.module.features.0.0.weight"],
            ["model.module.features.0.0.weight", "ema.features.0.0.weight"],
        ] {
            let found = naming(&names).unwrap();
            assert_eq!(found.ours("model.module.a").as_deref(), Some("a"));
            assert_eq!(found.ours("ema.a"), None);
        }
        let alone = naming(&["state_dict_ema.conv_stem.weight"]).unwrap();
        assert_eq!(alone.ours("state_dict_ema.a").as_deref(), Some("a"));
    }

    #[test]
    fn every_layer_and_its_norm_has_a_name_in_every_convention() {
        for convention in CONVENTIONS {
            let modules = convention.modules();
            let mut ours: Vec<&String> = modules.values().collect();
            ours.sort();
            ours.dedup();
            let layers = crate::layers::layers(convention.backbone.descriptor(), 1.0);
            assert_eq!(ours.len(), 2 * layers.len() + 1, "{}", convention.name);
            for layer in layers {
                assert!(ours.contains(&&layer.name), "{}: {}", convention.name, layer.name);
                assert!(ours.contains(&&format!("{}.norm", layer.name)), "{}: {}", convention.name, layer.name);
            }
        }
    }

    #[test]
    fn names_are_translated() {
        for (stem, pairs) in [
            (
                "features.0.0.weight",
                &[
                    ("features.0.1.running_var", "stem.norm.running_var"),
                    ("features.1.conv.0.0.weight", "blocks.0.depthwise.weight"),
                    ("features.17.conv.2.weight", "blocks.16.project.weight"),
                    ("features.17.conv.3.bias", "blocks.16.project.norm.bias"),
                    ("features.18.0.weight", "head.weight"),
                    ("classifier.1.bias", "classifier.bias"),
                    ("features.19.0.weight", "features.19.0.weight"),
                ][..],
            ),
            (
                "conv_stem.weight",
                &[
                    ("bn1.running_var", "stem.norm.running_var"),
                    ("blocks.0.0.conv_dw.weight", "blocks.0.depthwise.weight"),
                    ("blocks.0.0.bn1.bias", "blocks.0.depthwise.norm.bias"),
                    ("blocks.0.0.conv_pw.weight", "blocks.0.project.weight"),
                    ("blocks.0.0.bn2.weight", "blocks.0.project.norm.weight"),
                    ("blocks.1.0.conv_pw.weight", "blocks.1.expand.weight"),
                    ("blocks.3.3.conv_dw.weight", "blocks.9.depthwise.weight"),
                    ("blocks.4.0.bn2.running_mean", "blocks.10.depthwise.norm.running_mean"),
                    ("blocks.6.0.conv_pwl.weight", "blocks.16.project.weight"),
                    ("blocks.6.0.bn3.weight", "blocks.16.project.norm.weight"),
                    ("bn2.bias", "head.norm.bias"),
                    ("classifier.weight", "classifier.weight"),
                    // Names that only deeper or other networks have stay as they are.
                    ("blocks.2.3.conv_pw.weight", "blocks.2.3.conv_pw.weight"),
                    ("blocks.7.0.conv_pw.weight", "blocks.7.0.conv_pw.weight"),
                    ("blocks.0.0.conv_pwl.weight", "blocks.0.0.conv_pwl.weight"),
                    ("blocks.1.0.se.conv_reduce.weight", "blocks.1.0.se.conv_reduce.weight"),
                ],
            ),
            (
                "_conv_stem.weight",
                &[
                    ("_bn0.running_var", "stem.norm.running_var"),
                    ("_blocks.0._depthwise_conv.weight", "blocks.0.depthwise.weight"),
                    ("_blocks.0._bn1.bias", "blocks.0.depthwise.norm.bias"),
                    ("_blocks.0._bn2.bias", "blocks.0.project.norm.bias"),
                    ("_blocks.15._expand_conv.weight", "blocks.15.expand.weight"),
                    ("_blocks.15._bn0.running_mean", "blocks.15.expand.norm.running_mean"),
                    ("_conv_head.weight", "head.weight"),
                    ("_bn1.weight", "head.norm.weight"),
                    ("_fc.weight", "classifier.weight"),
                    ("_blocks.0._bn0.bias", "_blocks.0._bn0.bias"),
                    ("_blocks.1._se_reduce.weight", "_blocks.1._se_reduce.weight"),
                ],
            ),
        ] {
            let naming = naming(&[stem]).unwrap();
            for (theirs, ours) in pairs {
                assert_eq!(naming.ours(theirs).unwrap(), *ours);
            }
        }
    }
}
