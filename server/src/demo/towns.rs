//! The towns of the demo and what they ask their citizens: all of it invented.

/// A town.
pub struct Town {
    /// Its place in addresses.
    pub slug: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Whether people may take part there before their address is confirmed.
    pub takes_part_first: bool,
    /// The colour of its pages; the platform's without one.
    pub colour: Option<&'static str>,
    /// Its logo, a PNG file; the platform's mark without one.
    pub logo: Option<&'static [u8]>,
    /// What stands above the form for registering, in English and in French.
    pub welcome: Option<[&'static str; 2]>,
    /// Its projects.
    pub projects: [Project; 2],
}

/// A project of a town. Of each pair of texts the first is English, the second French.
pub struct Project {
    /// Its place in addresses.
    pub slug: &'static str,
    /// Its name.
    pub name: [&'static str; 2],
    /// What it is about.
    pub description: [&'static str; 2],
    /// What is proposed: title and text.
    pub proposals: &'static [[[&'static str; 2]; 2]],
}

/// The towns.
pub const TOWNS: [Town; 2] = [
    Town {
        slug: "bellerive",
        name: "Bellerive",
        takes_part_first: true,
        colour: None,
        logo: None,
        welcome: None,
        projects: [QUAY, BUDGET],
    },
    Town {
        slug: "montclair",
        name: "Montclair",
        takes_part_first: false,
        colour: Some("#8a3b12"),
        logo: Some(include_bytes!("montclair.png")),
        welcome: Some([
            "Welcome. Everybody who lives, works or goes to school in Montclair can take part.",
            "Bienvenue. Qui habite, travaille ou étudie à Montclair peut participer.",
        ]),
        projects: [SCHOOL_STREET, MILLS],
    },
];

const QUAY: Project = Project {
    slug: "quay",
    name: ["A quay for everybody", "Un quai pour tout le monde"],
    description: [
        "The quay between the old bridge and the market has been a car park for forty years. \
         Bellerive wants to give it back to everybody who walks, sits, fishes or waits for the \
         ferry.\n\n\
         Three drafts are being drawn. Before one of them is chosen, the town asks what the quay \
         must have, what may go, and who would be left out.",
        "Entre le vieux pont et le marché, le quai sert de parking depuis quarante ans. Bellerive \
         souhaite le rendre à tout le monde\u{a0}: à qui marche, s’assied, pêche ou attend le \
         bac.\n\n\
         Trois esquisses sont en préparation. Avant d’en choisir une, la commune demande ce que \
         le quai doit offrir, ce qui peut disparaître et qui risquerait d’en être exclu.",
    ],
    proposals: &[
        [
            ["Benches in the shade", "Des bancs à l’ombre"],
            [
                "Twenty benches under the plane trees, each with a place beside it for a wheelchair or a pram.",
                "Vingt bancs sous les platanes, chacun avec une place à côté pour un fauteuil roulant ou une poussette.",
            ],
        ],
        [
            ["A landing stage for the ferry", "Un ponton pour le bac"],
            [
                "Today the ferry is boarded over wet stones. A stage that floats with the river would let everybody aboard.",
                "Aujourd’hui, on monte à bord du bac par des pierres mouillées. Un ponton qui flotte avec le fleuve y mènerait tout le monde.",
            ],
        ],
    ],
};

const BUDGET: Project = Project {
    slug: "budget-2027",
    name: ["Participatory budget 2027", "Budget participatif 2027"],
    description: [
        "Each year the people of Bellerive decide what a part of the town’s budget is spent on. \
         For 2027 it is 300,000 euros.\n\n\
         Anybody may propose something that is of use to a whole neighbourhood and can be done \
         within two years. The town looks at what each proposal costs and whether it can be done; \
         then everybody votes.",
        "Chaque année, la population de Bellerive décide de l’emploi d’une partie du budget \
         communal. Pour 2027, il s’agit de 300\u{202f}000\u{a0}euros.\n\n\
         Tout le monde peut proposer quelque chose d’utile à un quartier entier et de réalisable \
         en deux ans. La commune examine le coût et la faisabilité de chaque \
         proposition\u{202f}; puis tout le monde vote.",
    ],
    proposals: &[[
        ["A library on wheels", "Une bibliothèque roulante"],
        [
            "A small van full of books that stops in each neighbourhood once a week.",
            "Une petite camionnette pleine de livres qui s’arrête une fois par semaine dans chaque quartier.",
        ],
    ]],
};

const SCHOOL_STREET: Project = Project {
    slug: "school-street",
    name: [
        "A calm street for the school",
        "Une rue apaisée devant l’école",
    ],
    description: [
        "At eight in the morning some two hundred children cross Lime Tree Street between cars. \
         Montclair is trying out another way: no through traffic before and after school.\n\n\
         The trial lasts until the summer holidays. The town wants to hear how it goes from \
         everybody: those who live there, bring a child, or deliver the bread.",
        "À huit heures du matin, près de deux cents enfants traversent la rue des Tilleuls entre \
         les voitures. Montclair met à l’essai une autre solution\u{a0}: pas de circulation de \
         transit avant et après l’école.\n\n\
         L’essai dure jusqu’aux vacances d’été. La commune veut savoir comment il se passe pour \
         tout le monde\u{a0}: qui habite la rue, accompagne un enfant ou livre le pain.",
    ],
    proposals: &[[
        [
            "A barrier that children can open",
            "Une barrière que les enfants ouvrent",
        ],
        [
            "Two pupils a day open and close the street, with a teacher beside them.",
            "Deux élèves par jour ouvrent et ferment la rue, avec une personne de l’école à leurs côtés.",
        ],
    ]],
};

const MILLS: Project = Project {
    slug: "mills",
    name: ["The mills reopened", "La réouverture des moulins"],
    description: [
        "The three mills above Montclair have stood still since 1961. One of them is to grind \
         again; for the two others, everything is open.\n\n\
         A workshop, a place for walkers to sleep, a hall for weddings: the town collects ideas \
         and, above all, looks for people who want to carry one of them.",
        "Les trois moulins au-dessus de Montclair sont à l’arrêt depuis 1961. L’un d’eux va \
         moudre à nouveau\u{202f}; pour les deux autres, tout reste à imaginer.\n\n\
         Un atelier, un gîte pour la randonnée, une salle pour les mariages\u{a0}: la commune \
         recueille des idées et, surtout, cherche des personnes prêtes à en porter une.",
    ],
    proposals: &[[
        ["Bread from our own flour", "Le pain de notre farine"],
        [
            "The first mill grinds for the bakers of Montclair, who bake one loaf of it a day.",
            "Le premier moulin travaille pour les boulangeries de Montclair, qui en font un pain par jour.",
        ],
    ]],
};
