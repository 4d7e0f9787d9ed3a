//! The report: one self-contained HTML file to read, print and keep.
//!
//! It has no script, and its content security policy forbids any. All names and paths are escaped.

use std::collections::HashMap;
use std::fmt::Write;

use super::npz::FeatureSpec;
use super::time::utc_text;
use crate::collection::{Cluster, Clustering};
use crate::escape::{element, escaped};
use crate::plot::{Theme, colour, css_colour, looks_of};

const STYLE: &str = include_str!("report.css");

/// The settings and the network behind a clustering, as names and values for [`Report::facts`]. `spec` says how the features
/// were computed, if that is known.
pub fn report_facts(clustering: &Clustering, spec: Option<&FeatureSpec>) -> Vec<(String, String)> {
    let mut facts = vec![
        ("Pictures", clustering.items.len().to_string()),
        ("Groups (k)", clustering.k.to_string()),
        ("Seed", clustering.seed.to_string()),
        ("Method", name_of(&clustering.method)),
        ("Recipe", name_of(&clustering.recipe)),
        ("Inertia", format!("{:.4}", clustering.inertia)),
        ("Features computed by", clustering.backend.clone()),
    ];
    if let Some(spec) = spec {
        facts.push(("Network", spec.model.clone()));
        facts.push(("Features", format!("{} of pictures of {} px", name_of(&spec.features), spec.size_px)));
        facts.push(("SHA-256 of the weights", spec.weights_sha256.clone()));
    }
    facts.push(("Program", format!("Shoal {}", env!("CARGO_PKG_VERSION"))));
    facts.into_iter().map(|(name, fact)| (name.to_owned(), fact)).collect()
}

/// An option's value, spelled as in an attribute.
fn name_of(option: &impl serde::Serialize) -> String {
    serde_json::to_value(option).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The contents of a report.
#[derive(Clone, Debug)]
pub struct Report<'a> {
    /// The clustering.
    pub clustering: &'a Clustering,
    /// When the report is created, in milliseconds since 1970 (UTC).
    pub created_ms: f64,
    /// Further facts about how the clustering was made: labels and values.
    pub facts: Vec<(String, String)>,
    /// Charts: titles and SVG documents, which are inserted unescaped.
    pub charts: Vec<(String, String)>,
    /// `data:` URIs of representative images, by path.
    pub thumbnails: &'a HashMap<String, String>,
}

impl Report<'_> {
    /// The report as an HTML document.
    pub fn html(&self) -> String {
        let clustering = self.clustering;
        let title = format!("{} in {}", counted(clustering.items.len(), "picture"), counted(clustering.k, "group"));
        let mut html = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n<title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
             <header>\n",
            escaped(&title)
        );
        element(&mut html, "h1", "", &title);
        element(&mut html, "p", "", &format!("Sorted by what they show, by Shoal, {}.", utc_text(self.created_ms)));
        html.push_str("\n</header>\n<main>\n");
        self.push_scores(&mut html);
        self.push_clusters(&mut html);
        self.push_charts(&mut html);
        self.push_confusion(&mut html);
        section(&mut html, "How it was made", "facts");
        facts(&mut html, &self.facts);
        html.push_str("</section>\n</main>\n</body>\n</html>\n");
        html
    }

    fn push_scores(&self, html: &mut String) {
        let clustering = self.clustering;
        let scores = &clustering.scores;
        let mut rows = vec![
            ("Mean silhouette", number(clustering.silhouette.map(f64::from)), "1: groups far apart; 0: groups overlap"),
            ("Davies–Bouldin", number(scores.davies_bouldin), "from 0; lower is better"),
            ("Calinski–Harabasz", number(scores.calinski_harabasz), "from 0; higher is better"),
        ];
        if let (Some(nmi), Some(ari), Some(accuracy)) = (scores.nmi, scores.ari, scores.accuracy) {
            rows.push(("NMI with the folders", number(Some(nmi)), "0 to 1; 1: the groups are the folders"));
            rows.push(("ARI with the folders", number(Some(ari)), "up to 1; 0: no better than chance"));
            rows.push((
                "Accuracy",
                format!("{:.0} %", 100.0 * accuracy),
                "pictures in the group that best matches their folder",
            ));
        }
        section(html, "Scores", "scores");
        html.push_str("<table><tbody>\n");
        for (name, value, hint) in rows {
            html.push_str("<tr>");
            element(html, "th", "scope=\"row\"", name);
            element(html, "td", "", &value);
            element(html, "td", "class=\"hint\"", hint);
            html.push_str("</tr>\n");
        }
        html.push_str("</tbody></table>\n");
        if scores.sampled {
            element(html, "p", "class=\"hint\"", "Silhouettes are estimated on a sample of the pictures.");
        }
        html.push_str("</section>\n");
    }

    fn push_clusters(&self, html: &mut String) {
        section(html, "Groups", "groups");
        let looks = looks_of(self.clustering);
        for cluster in &self.clustering.clusters {
            self.push_cluster(html, cluster, looks.get(&cluster.id).copied().unwrap_or_default());
        }
        let unassigned = self.clustering.items.iter().filter(|item| item.cluster.is_none()).count();
        if unassigned > 0 {
            element(html, "p", "", &format!("{} in no group.", counted(unassigned, "picture")));
        }
        html.push_str("</section>\n");
    }

    fn push_cluster(&self, html: &mut String, cluster: &Cluster, look: u32) {
        // The palette's colours need no escaping.
        let dot = css_colour(colour(look, Theme::Light));
        let _ = write!(
            html,
            "<article><h3><svg class=\"dot\" viewBox=\"0 0 10 10\"><circle cx=\"5\" cy=\"5\" r=\"4.5\" fill=\"{dot}\"/></svg>"
        );
        html.push_str(&escaped(&cluster.name));
        html.push_str("</h3>");
        let silhouette = cluster.silhouette.map_or_else(|| "–".into(), |value| format!("{value:.2}"));
        element(html, "p", "", &format!("{} · silhouette {silhouette}", counted(cluster.size, "picture")));
        html.push_str("<ul>");
        for path in &cluster.representatives {
            if let Some(uri) = self.thumbnails.get(path) {
                let path = escaped(path);
                let _ = write!(html, "<li><img src=\"{}\" alt=\"{path}\" title=\"{path}\"></li>", escaped(uri));
            }
        }
        html.push_str("</ul></article>\n");
    }

    fn push_charts(&self, html: &mut String) {
        section(html, "Charts", "charts");
        for (title, svg) in &self.charts {
            html.push_str("<figure>");
            html.push_str(svg);
            element(html, "figcaption", "", title);
            html.push_str("</figure>\n");
        }
        html.push_str("</section>\n");
    }

    fn push_confusion(&self, html: &mut String) {
        let Some(confusion) = &self.clustering.scores.confusion else { return };
        section(html, "Folders against groups", "confusion");
        html.push_str("<div class=\"scrolling\"><table><thead><tr>");
        element(html, "th", "scope=\"col\"", "Folder");
        for cluster in &self.clustering.clusters {
            element(html, "th", "scope=\"col\"", &cluster.name);
        }
        html.push_str("</tr></thead><tbody>\n");
        for (class, counts) in confusion.classes.iter().zip(&confusion.counts) {
            html.push_str("<tr>");
            element(html, "th", "scope=\"row\"", class);
            for &count in counts {
                element(html, "td", "", &if count == 0 { String::new() } else { count.to_string() });
            }
            html.push_str("</tr>\n");
        }
        html.push_str("</tbody></table></div></section>\n");
    }
}

fn section(html: &mut String, title: &str, class: &str) {
    // The class names are constants and need no escaping.
    let _ = writeln!(html, "<section class=\"{class}\">");
    element(html, "h2", "", title);
    html.push('\n');
}

fn facts(html: &mut String, facts: &[(String, String)]) {
    html.push_str("<dl>\n");
    for (name, fact) in facts {
        html.push_str("<div>");
        element(html, "dt", "", name);
        element(html, "dd", "", fact);
        html.push_str("</div>\n");
    }
    html.push_str("</dl>\n");
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "–".into(), |value| format!("{value:.3}"))
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
