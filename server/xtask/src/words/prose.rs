//! Words without their markup, each letter with the line it stands on.

/// Stands for something whose words are not here: a variable, an address, a piece of code.
pub(super) const STAND_IN: char = '\u{fffc}';

/// The readable letters of a file or of one text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Prose {
    letters: Vec<(char, usize)>,
}

impl Prose {
    /// The same, all of it on one line.
    pub(super) fn on_line(mut self, line: usize) -> Self {
        for letter in &mut self.letters {
            letter.1 = line;
        }
        self
    }

    pub(super) fn push(&mut self, letter: char, line: usize) {
        self.letters.push((letter, line));
    }

    pub(super) fn push_str(&mut self, text: &str, line: usize) {
        self.letters
            .extend(text.chars().map(|letter| (letter, line)));
    }

    /// Begins a new paragraph: what follows is the start of a sentence.
    pub(super) fn end_block(&mut self, line: usize) {
        self.push('\n', line);
    }

    pub(super) fn last(&self) -> Option<char> {
        self.letters.last().map(|(letter, _)| *letter)
    }

    pub(super) fn letters(&self) -> &[(char, usize)] {
        &self.letters
    }

    pub(super) fn is_empty(&self) -> bool {
        self.letters
            .iter()
            .all(|(letter, _)| letter.is_whitespace())
    }

    /// A few letters around a place, for the sentence of a fault.
    pub(super) fn around(&self, position: usize) -> String {
        let from = position.saturating_sub(12);
        let to = (position + 8).min(self.letters.len());
        let letters = self.letters[from..to].iter().map(|(letter, _)| *letter);
        letters
            .map(|letter| match letter {
                '\n' => ' ',
                STAND_IN => '…',
                other => other,
            })
            .collect::<String>()
            .trim()
            .to_owned()
    }

    /// The words: stretches of letters, with where they begin and whether they begin a sentence.
    pub(super) fn words(&self) -> Vec<Word> {
        let mut words: Vec<Word> = Vec::new();
        let mut begins = true;
        let mut inside = false;
        for (position, (letter, _)) in self.letters.iter().enumerate() {
            if letter.is_alphabetic() {
                if !inside {
                    let text = String::new();
                    words.push(Word {
                        text,
                        position,
                        begins,
                    });
                }
                inside = true;
                begins = false;
                if let Some(word) = words.last_mut() {
                    word.text.push(*letter);
                }
            } else {
                inside = false;
                begins = match letter {
                    '.' | '?' | '!' | '…' | ':' | '\n' => true,
                    space
                        if space.is_whitespace()
                            || matches!(space, '«' | '“' | '(' | '•' | '–') =>
                    {
                        begins
                    }
                    _ => false,
                };
            }
        }
        words
    }
}

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) position: usize,
    /// Whether a sentence, a line or a text begins with it.
    pub(super) begins: bool,
}
