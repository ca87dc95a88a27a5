//! The street on the sign-in page: a town in the evening or in the morning, and one door that
//! stands open.
//!
//! It says nothing that the page does not say, so it is hidden from assistive technology; it is
//! drawn on wide screens only. Its colours are classes, so that the stylesheet decides between day
//! and night: sun or moon, dark windows or lit ones. A test keeps it under three kilobytes.

use leptos::prelude::*;

/// A quiet line drawing, and no more than that.
#[component]
pub fn StreetScene() -> impl IntoView {
    view! {
        <svg class="scene" viewBox="0 0 640 452" aria-hidden="true">
            <circle class="day" cx="92" cy="70" r="26"></circle>
            <path class="night" d="M100 44a28 28 0 1 0 18 46 30 30 0 0 1-18-46M200 40v.1M286 22v.1M372 58v.1M556 70v.1M40 118v.1"></path>
            <path class="day bird" d="M214 62q6-7 11 0 6-7 11 0m8 16q5-6 9 0 5-6 9 0"></path>
            // The belfry, behind the roofs.
            <path class="wall" d="M450 250V100h40v150Zm4-150V72h32v28Zm-2-28 18-44 18 44Zm18-44V12m-10 90"></path>
            <circle class="wall" cx="470" cy="124" r="10"></circle>
            <path class="line" d="M470 118v6l4 3m-10-46v12m12-12v12"></path>
            // Five houses.
            <path class="wall" d="M30 400V190h14v-18h14v-18h14v-18h26v18h14v18h14v18h14v210Z"></path>
            <path class="wall" d="M140 400V175h110v225Z"></path>
            <path class="roof" d="m130 177 65-74 65 74Z"></path>
            <path class="wall" d="M250 400V150c20 0 30-14 30-34 18 0 22-22 40-34 18 12 22 34 40 34 0 20 10 34 30 34v250Z"></path>
            <path class="wall" d="M390 400V240h100v160Z"></path>
            <path class="roof" d="m383 242 20-64h74l20 64Z"></path>
            <path class="wall" d="M428 224v-22l12-12 12 12v22Z"></path>
            <path class="wall" d="M490 400V205h12v-16h12v-16h12v-16h28v16h12v16h12v16h12v195Z"></path>
            // Their windows and doors.
            <path class="pane" d="M50 212h22v36H50Zm48 62h22v36H98Zm-22-116h18v24H76ZM156 198h20v38h-20Zm29 0h20v38h-20Zm0 64h20v38h-20Zm29 0h20v38h-20Zm-10 76h32v32h-32Zm64-166h24v44h-24Zm40 70h24v44h-24Zm40-70h24v44h-24Zm8 150h22v40h-22Zm48-62h18v34h-18Zm52 0h18v34h-18Zm-8 78h28v28h-28ZM506 222h22v38h-22Zm46 64h22v38h-22Zm-46 58h28v30h-28ZM436 204h8v14h-8Z"></path>
            <path class="pane lit" d="M98 212h22v36H98Zm-48 62h22v36H50Zm44 62h30v36H94Zm120-138h20v38h-20Zm-58 64h20v38h-20Zm112-20h24v44h-24Zm40-70h24v44h-24Zm40 70h24v44h-24Zm82 18h18v34h-18Zm122-38h22v38h-22Zm-46 64h22v38h-22Z"></path>
            <path class="roof" d="M50 400v-62h26v62Zm106 0v-66h30v66Zm248 0v-62h26v62Zm148 0v-60h24v60Z"></path>
            <circle class="pane" cx="195" cy="146" r="10"></circle>
            <circle class="pane lit" cx="320" cy="124" r="10"></circle>
            <path class="line" d="M262 228h116M262 300h116"></path>
            // The door that stands open, and the light that falls out of it.
            <path class="light" d="M299 400v-70a21 21 0 0 1 42 0v70l40 46h-74Z"></path>
            <path class="line" d="M295 400v-70a25 25 0 0 1 50 0v70"></path>
            <path class="leaf" d="m299 318-23-10v104l23-12Zm-17 44v8"></path>
            // A tree, a bicycle, the street.
            <path class="roof" d="M612 400v-62m0-88c30 0 38 92 0 92s-30-92 0-92Z"></path>
            <path class="line" d="M612 350v-60m0 40 12-14m-12 0-10-12M404 400a13 13 0 1 1 .1 0Zm36 0a13 13 0 1 1 .1 0Zm-36-13 9-19h20l7 19m-27-19 9 19h-18m18 0 11-19-3-8h8m-29 8h8"></path>
            <path class="line" d="M0 400h278m66 0h296M36 424h30m34 14h22m72-14h34m214 6h34m40 12h26m34-18h36"></path>
        </svg>
    }
}
