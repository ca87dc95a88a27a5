// "Was this article helpful?": what readers answer, and who reads it.
import { expect, test } from './fixtures';
import { AMINA, ODILE, managerReading } from './people';
import type { Visitor } from './visitor';
import { LANGUAGES, type Language, words } from './words';

const TROUBLES = 'troubles-or-issues-with-signing-in';
const PROVIDERS = 'sign-in-with-google-or-microsoft';
const TWO_FACTOR = 'two-factor-authentication-2fa';

// "Was this article helpful?", in the words that the articles promise.
const ASKED = {
  en: {
    question: 'Was this article helpful?',
    yes: 'Yes',
    no: 'No',
    share: 'Share your feedback',
    cancel: 'Cancel',
    thanks: 'Thank you!',
  },
  fr: {
    question: 'Cet article a-t-il répondu à vos questions\u202f?',
    yes: 'Oui',
    no: 'Non',
    share: 'Partagez vos commentaires',
    cancel: 'Annuler',
    thanks: 'Merci\u202f!',
  },
} satisfies Record<Language, Record<string, string>>;

/** What the desk of a support agent shows of the votes: a line for each, its moment left out. */
async function votes(agent: Visitor): Promise<string[][]> {
  await agent.visit('/desk');
  const rows = agent.page.getByRole('table', { name: agent.words('desk.latest') }).getByRole('row');
  const cells = await Promise.all((await rows.all()).map((row) => row.getByRole('cell').allInnerTexts()));
  return cells.filter((row) => row.length > 0);
}

const READERS: [Language, string, 'signed in' | 'not signed in', string][] = [
  ['en', '[A12] [A13] [A15]', 'signed in', TROUBLES],
  ['en', '[A12] [A13] [A15]', 'not signed in', TROUBLES],
  ['en', '[B02]', 'not signed in', PROVIDERS],
  ['en', '[C43]', 'not signed in', TWO_FACTOR],
  ['fr', '[D24] [D25] [D27]', 'signed in', TWO_FACTOR],
  ['fr', '[D24] [D25] [D27]', 'not signed in', TWO_FACTOR],
];

for (const [language, ids, state, slug] of READERS) {
  const asked = ASKED[language];
  test(`${ids} in ${language}, a reader who is ${state} votes on ${slug} and says more`, async ({ arrive }) => {
    const reader = await arrive({ language });
    const { page } = reader;
    if (state === 'signed in') await reader.startSignedIn(managerReading(language));
    await reader.visit(`/help/article/${slug}`);
    const card = page.getByRole('region', { name: asked.question });
    await card.getByRole('button', { name: state === 'signed in' ? asked.yes : asked.no, exact: true }).click();
    const box = card.getByRole('textbox');
    // A reader whom the article did not help finds the box open.
    if (state === 'signed in') {
      await expect(box).toBeHidden();
      await card.getByText(asked.share, { exact: true }).click();
    }
    await expect(box).toBeVisible();

    await card.getByRole('button', { name: reader.words('help.feedback.send') }).click();
    await expect(reader.problem).toContainText(reader.words('errors.empty_comment'));
    await box.fill('</textarea><script>alert(1)</script> Merci & à bientôt.');
    await card.getByRole('button', { name: reader.words('help.feedback.send') }).click();
    await expect(card.getByRole('status')).toContainText(asked.thanks);
    await expect(box).toHaveCount(0);

    const agent = await arrive({ language });
    await agent.startSignedIn(AMINA);
    const [vote] = await votes(agent);
    expect(vote?.join(' ')).toContain('</textarea><script>alert(1)</script> Merci & à bientôt.');
  });
}

for (const language of LANGUAGES) {
  const asked = ASKED[language];
  const cancelled = { en: '[A14]', fr: '[D26]' }[language];
  test(`${cancelled} in ${language}, “${asked.cancel}” closes the box and sends nothing`, async ({ arrive }) => {
    const reader = await arrive({ language });
    const { page } = reader;
    await reader.visit(`/help/article/${TWO_FACTOR}`);
    const card = page.getByRole('region', { name: asked.question });
    await card.getByRole('button', { name: asked.yes, exact: true }).click();
    await card.getByText(asked.share, { exact: true }).click();
    await card.getByRole('textbox').fill('Never to be read by anybody.');
    const posts: string[] = [];
    page.on('request', (request) => {
      if (request.method() !== 'GET') posts.push(request.url());
    });
    await card.getByRole('link', { name: asked.cancel, exact: true }).or(
      card.getByRole('button', { name: asked.cancel, exact: true }),
    ).click();
    await expect(card.getByRole('textbox')).toBeHidden();
    expect(posts).toEqual([]);
    const agent = await arrive({ language });
    await agent.startSignedIn(AMINA);
    expect(await votes(agent)).toHaveLength(1);
    await expect(agent.page.getByText('Never to be read by anybody.')).toHaveCount(0);
  });
}

test('[A16] a vote counts once for each reader and version, and staff read it', { tag: '@once' }, async ({ arrive }) => {
  const agent = await arrive();
  await agent.startSignedIn(AMINA);
  await agent.visit('/desk');
  await expect(agent.page.getByText(agent.words('desk.none'))).toBeVisible();

  const voting = async (reader: Visitor, slug: string, answer: 'yes' | 'no', comment?: string): Promise<void> => {
    await reader.visit(`/help/article/${slug}`);
    await reader.button(`help.feedback.${answer}`).click();
    await expect(reader.page.getByText(reader.words('help.feedback.voted'))).toBeVisible();
    if (comment === undefined) return;
    if (answer === 'yes') await reader.page.getByText(reader.words('help.feedback.share'), { exact: true }).click();
    await reader.field('help.feedback.comment').fill(comment);
    await reader.button('help.feedback.send').click();
    await expect(reader.page.getByText(reader.words('help.feedback.thanks'))).toBeVisible();
  };
  const first = await arrive();
  await voting(first, TROUBLES, 'yes');
  const version = (await votes(agent))[0]?.[2];
  expect(version).toMatch(/\S/);

  // The same reader changes her mind: it is still one vote, now with a comment.
  await voting(first, TROUBLES, 'no', 'The picture is too small.');
  let rows = await votes(agent);
  expect(rows).toHaveLength(1);
  expect(rows[0]).toContain(words('en', 'desk.language_en'));
  expect(rows[0]).toContain(words('en', 'desk.unhelpful'));
  expect(rows[0]).toContain('The picture is too small.');
  expect(rows[0]?.[2]).toBe(version);

  // Another reader, another language and another article each count for themselves.
  await voting(await arrive(), TROUBLES, 'yes');
  await voting(await arrive({ language: 'fr' }), TROUBLES, 'yes');
  await voting(first, TWO_FACTOR, 'yes');
  rows = await votes(agent);
  expect(rows).toHaveLength(4);
  const counts = agent.page.getByRole('table', { name: agent.words('desk.counts') }).getByRole('row');
  const counted = await Promise.all((await counts.all()).map((row) => row.getByRole('cell').allInnerTexts()));
  expect(counted.filter((row) => row.length > 0)).toEqual([
    ['English', '1', '1'],
    ['French', '1', '0'],
    ['English', '1', '0'],
  ]);

  // Nobody else reads them.
  const manager = await arrive();
  await manager.startSignedIn(ODILE);
  expect((await manager.visit('/desk')).status()).toBe(403);
  await expect(manager.page.getByText('The picture is too small.')).toHaveCount(0);
});
