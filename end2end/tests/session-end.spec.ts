// The end of a session: the choice to stay, what is said afterwards, and the words that came too late.
//
// A session is ended here from elsewhere, by its owner: to the browser it is the same as one that ended by the clock.
import { expect, test } from './fixtures';
import { CLAIRE, type Person, TOMAS, managerReading } from './people';
import { Phone } from './phone';
import type { Visitor } from './visitor';
import { LANGUAGES } from './words';

const TYPED = 'Hélène, du moulin de l’Étang';

interface Door {
  person: Person;
  /** What the addresses of the entrance and of one's own account begin with. */
  entrance: string;
  own: string;
}

function doors(language: 'en' | 'fr'): Record<string, Door> {
  return {
    manager: { person: managerReading(language), entrance: '', own: '' },
    citizen: { person: CLAIRE, entrance: '/p/bellerive/quay', own: '/p/bellerive' },
  };
}

async function signInAt(visitor: Visitor, door: Door): Promise<void> {
  await visitor.visit(`${door.entrance}/sign-in`);
  await giveWhatIsAsked(visitor, door.person);
}

async function giveWhatIsAsked(visitor: Visitor, person: Person): Promise<void> {
  await visitor.field('sign_in.email').fill(person.email);
  await visitor.field('sign_in.password').fill(person.password);
  await visitor.button('sign_in.submit').click();
}

for (const language of LANGUAGES) {
  for (const [who, door] of Object.entries(doors(language))) {
    test(`in ${language} a ${who} finds her words again after a new sign-in`, async ({ arrive }) => {
      const { person, own } = door;
      const visitor = await arrive({ language });
      await signInAt(visitor, door);
      await visitor.visit(`${own}/settings/name`);
      const elsewhere = await arrive({ language });
      await signInAt(elsewhere, door);
      await elsewhere.visit(`${own}/settings/sessions`);
      await elsewhere.button('sessions.end_others').click();
      await expect(elsewhere.page.getByText(elsewhere.words('sessions.others_ended'))).toBeVisible();

      await visitor.field('details.name_label').fill(TYPED);
      await visitor.button('details.name_submit').click();
      const notice = visitor.page.getByRole('status').filter({ hasText: visitor.words('sign_in.kept') });
      await expect(notice).toContainText(visitor.words('sign_in.ended_elsewhere'));
      await giveWhatIsAsked(visitor, person);
      await visitor.standsOn(`${own}/settings/name`);
      await expect(visitor.field('details.name_label')).toHaveValue(TYPED);
      await expect(visitor.page.getByText(visitor.words('sessions.returned'))).toBeVisible();
      // Nothing was sent in her place.
      await elsewhere.page.reload();
      await expect(elsewhere.page.getByRole('banner').getByText(person.name)).toHaveCount(1);
      await visitor.button('details.name_submit').click();
      await visitor.standsOn(`${own}/settings`);
      await expect(visitor.page.getByRole('banner').getByText(TYPED)).toHaveCount(1);
    });

    test(`in ${language} a ${who} chooses to stay, and sees until when`, async ({ arrive }) => {
      const { person, entrance, own } = door;
      const visitor = await arrive({ language });
      await visitor.visit(`${entrance}/sign-in`);
      const choice = visitor.page.getByRole('checkbox', { name: visitor.words('sign_in.stay') });
      await expect(choice).not.toBeChecked();
      await choice.check();
      await visitor.field('sign_in.email').fill(person.email);
      await visitor.field('sign_in.password').fill('not the password, at first');
      await visitor.button('sign_in.submit').click();
      await visitor.isTold('errors.bad_credentials');
      await expect(choice).toBeChecked();
      await visitor.field('sign_in.password').fill(person.password);
      await visitor.button('sign_in.submit').click();
      await visitor.visit(`${own}/settings/sessions`);
      const said = visitor.words('sessions.stays').split('{{')[0]?.trim() ?? '';
      await expect(visitor.page.getByRole('cell').filter({ hasText: said })).toBeVisible();
      const cookies = await visitor.context.cookies();
      const session = cookies.find(({ name }) => name === (who === 'manager' ? 'back-office' : name.match(/^p-/)?.input));
      const days = ((session?.expires ?? 0) - Date.now() / 1000) / 86_400;
      expect(Math.round(days)).toBe(who === 'manager' ? 21 : 37);
    });
  }

  test(`in ${language} words wait through the second step`, async ({ arrive }) => {
    const visitor = await arrive({ language });
    const phone = new Phone(TOMAS.secret);
    await visitor.signIn(TOMAS, phone);
    await visitor.visit('/settings/name');
    await visitor.server.command('account', 'lock', '--email', TOMAS.email);
    await visitor.server.command('account', 'unlock', '--email', TOMAS.email);
    await visitor.field('details.name_label').fill(TYPED);
    await visitor.button('details.name_submit').click();
    await expect(visitor.page.getByText(visitor.words('sign_in.kept'))).toBeVisible();
    await giveWhatIsAsked(visitor, TOMAS);
    await visitor.standsOn('/sign-in/code');
    expect(await visitor.source()).not.toContain(TYPED);
    await visitor.giveCode(await phone.code());
    await visitor.standsOn('/settings/name');
    await expect(visitor.field('details.name_label')).toHaveValue(TYPED);
  });
}
