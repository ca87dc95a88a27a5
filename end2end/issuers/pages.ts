// The two pages of a provider: which account, and which permissions. Plain HTML, so that they work without JavaScript.

/** What each permission lets the client do, in the words of the page. */
const PERMISSIONS: Record<string, string> = {
  openid: 'Sign you in',
  email: 'View your email address',
  profile: 'View your name',
};

/** Asks which account; those that it knows are buttons. */
export function chooser(provider: string, known: string[]): string {
  const button = (account: string): string =>
    `<form method="post"><button name="account" value="${text(account)}">${text(account)}</button></form>`;
  return page(
    `${provider}: choose an account`,
    `${known.map(button).join('')}
    <form method="post">
      <label>Email or phone <input name="account" autocomplete="off"></label>
      <button>Next</button>
      <button name="does" value="cancel">Back</button>
    </form>`,
  );
}

/** Asks whether the client may have what it asks for. */
export function permissions(provider: string, scopes: string[], known: string): string {
  const list = scopes.map((scope) => `<li>${text(PERMISSIONS[scope] ?? scope)}</li>`).join('');
  return page(
    `${provider}: permissions requested`,
    `<p>${text(known)}</p>
    <ul>${list}</ul>
    <form method="post">
      <button name="does" value="accept">Accept</button>
      <button name="does" value="cancel">Cancel</button>
    </form>`,
  );
}

/** Says what is wrong with a request that nobody can be sent back with. */
export function refusal(provider: string, error: string, why = ''): string {
  return page(`${provider}: ${error}`, `<p>${text(why)}</p>`);
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>${text(title)}</title><link rel="icon" href="data:,"></head>
  <body><main><h1>${text(title)}</h1>${content}</main></body>
</html>`;
}

function text(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
