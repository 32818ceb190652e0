//! Firms where they stand, and the ways between them.

use maud::html;

use super::{Caption, fit, frame, n, thousands, width_of};

/// What a firm does in the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Side {
    Lends,
    Borrows,
    Both,
    Neither,
}

/// A firm.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Place {
    pub name: String,
    /// Degrees.
    pub latitude: f64,
    pub longitude: f64,
    pub side: Side,
    /// Whether its name is written beside it.
    pub named: bool,
}

/// From one place to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Route {
    pub from: usize,
    pub to: usize,
    /// The thicker, the more.
    pub amount: i64,
    /// Inside an alliance, in another colour.
    pub inside: bool,
}

/// What the picture shows.
#[derive(Clone, Debug)]
pub struct Map<'a> {
    /// What it says of itself.
    pub caption: Caption<'a>,
    /// North is up.
    pub places: &'a [Place],
    /// Later ones are drawn over earlier ones.
    pub routes: &'a [Route],
}

const WIDTH: f64 = 860.0;
const MARGIN: f64 = 40.0;
/// Mean length of a degree of latitude.
const KM_PER_DEGREE: f64 = 111.19;

/// An equirectangular map, true in both directions at its middle latitude, with a scale.
pub fn map(data: &Map<'_>) -> String {
    let range = |of: fn(&Place) -> f64| {
        let all = || data.places.iter().map(of);
        let (low, high) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
        if low <= high { (low, high) } else { (0.0, 0.0) }
    };
    let ((south, north), (west, east)) = (range(|p| p.latitude), range(|p| p.longitude));
    let squeeze = f64::midpoint(south, north).to_radians().cos().max(0.01);
    let (wide, tall) = (((east - west) * squeeze).max(1e-4), (north - south).max(1e-4));
    let scale = ((WIDTH - 2.0 * MARGIN) / wide).min(620.0 / tall);
    let height = tall * scale + 2.0 * MARGIN + 20.0;
    let left = (WIDTH - wide * scale) / 2.0;
    let spot = |place: &Place| {
        (left + (place.longitude - west) * squeeze * scale, MARGIN + (north - place.latitude) * scale)
    };
    let most = data.routes.iter().map(|route| route.amount).max().unwrap_or(1).max(1) as f64;
    let way = |route: &Route| {
        let ((x0, y0), (x1, y1)) = (spot(&data.places[route.from]), spot(&data.places[route.to]));
        // Bent to the left of its direction, so that the way back is another line.
        let (cx, cy) = (f64::midpoint(x0, x1) + (y1 - y0) * 0.15, f64::midpoint(y0, y1) - (x1 - x0) * 0.15);
        format!("M{} {}Q{} {} {} {}", n(x0), n(y0), n(cx), n(cy), n(x1), n(y1))
    };
    let shapes = html! {
        @for route in data.routes {
            path class=(if route.inside { "way tone-a" } else { "way tone-b" }) d=(way(route))
                stroke-width=(n(1.0 + 7.0 * (route.amount as f64 / most).sqrt())) {
                title { (data.places[route.from].name) " → " (data.places[route.to].name) ": " (thousands(route.amount)) }
            }
        }
        @for place in data.places {
            @let (x, y) = spot(place);
            @match place.side {
                Side::Lends => { circle class="spot lends" cx=(n(x)) cy=(n(y)) r="5" { title { (place.name) } } }
                Side::Borrows => {
                    rect class="spot borrows" x=(n(x - 4.5)) y=(n(y - 4.5)) width="9" height="9" { title { (place.name) } }
                }
                Side::Both => {
                    path class="spot both" d=(format!("M{} {}l6 6l-6 6l-6 -6z", n(x), n(y - 6.0))) { title { (place.name) } }
                }
                Side::Neither => { circle class="spot neither" cx=(n(x)) cy=(n(y)) r="2.5" { title { (place.name) } } }
            }
        }
        @for (x, y, text, anchor) in names(data, spot) {
            text class="small halo" x=(n(x)) y=(n(y)) text-anchor=(anchor) { (text) }
        }
        (scale_bar(scale, height))
    };
    frame(data.caption, WIDTH, height, &shapes)
}

/// The names that are written, without those that would stand over an earlier one.
fn names(data: &Map<'_>, spot: impl Fn(&Place) -> (f64, f64)) -> Vec<(f64, f64, String, &'static str)> {
    let mut taken: Vec<(f64, f64, f64)> = Vec::new();
    let mut names = Vec::new();
    for place in data.places.iter().filter(|place| place.named) {
        let (x, y) = spot(place);
        let text = fit(&place.name, 14.0);
        let wide = width_of(&text) * 12.0;
        let (from, anchor, at) = if x + wide + 10.0 > WIDTH {
            (x - 8.0 - wide, "end", x - 8.0)
        } else {
            (x + 8.0, "start", x + 8.0)
        };
        let hits = |(a, b, line): &(f64, f64, f64)| (line - y).abs() < 14.0 && *a < from + wide && from < *b;
        if !taken.iter().any(hits) {
            taken.push((from, from + wide, y));
            names.push((at, y + 4.0, text, anchor));
        }
    }
    names
}

/// A line of a round number of kilometres, at most a quarter of the width.
fn scale_bar(scale: f64, height: f64) -> maud::Markup {
    let per_km = scale / KM_PER_DEGREE;
    let round = [500.0, 200.0, 100.0, 50.0, 20.0, 10.0, 5.0, 2.0, 1.0, 0.5, 0.2, 0.1];
    let km = round.into_iter().find(|km| km * per_km <= WIDTH / 4.0).unwrap_or(0.1);
    html! {
        path class="rule-strong" d=(format!("M20 {}v6h{}v-6", n(height - 20.0), n(km * per_km))) {}
        text class="small soft" x=(n(28.0 + km * per_km)) y=(n(height - 12.0)) { (km) " km" }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{CAPTION, HOSTILE, parsed};
    use super::*;

    #[test]
    fn true_to_scale() {
        let place = |latitude, longitude, side| Place {
            name: HOSTILE.to_string(),
            latitude,
            longitude,
            side,
            named: true,
        };
        let places = [
            place(60.0, 100.0, Side::Lends),
            place(60.1, 100.2, Side::Borrows), // as far to the east as to the north: cos 60° is one half
            place(60.0, 100.2, Side::Both),
            place(60.0, 100.0, Side::Neither),
        ];
        let routes = [Route { from: 0, to: 1, amount: 5, inside: true }];
        let svg = map(&Map { caption: CAPTION, places: &places, routes: &routes });
        let (_, texts) = parsed(&svg);
        // Title, description, four places, the way, and the names that are written: one would hide another.
        assert_eq!(texts.iter().filter(|text| text.starts_with("<script")).count(), 2 + 4 + 1 + 3);
        let square: Vec<f64> = ["cx=\"", "cy=\""]
            .iter()
            .filter_map(|key| svg.split(key).nth(1)?.split('"').next()?.parse().ok())
            .collect();
        let borrower: Vec<f64> = svg
            .split("borrows\" x=\"")
            .nth(1)
            .map(|rest| rest.split("\" y=\"").filter_map(|v| v.split('"').next()?.parse().ok()).collect())
            .unwrap_or_default();
        let (right, up) = (borrower[0] + 4.5 - square[0], square[1] - (borrower[1] + 4.5));
        assert!((right / up - 1.0).abs() < 0.01, "{right} {up}");
        parsed(&map(&Map { caption: CAPTION, places: &[], routes: &[] }));
    }
}
