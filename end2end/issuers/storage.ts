// Where an issuer keeps its sessions, codes and grants: in memory, and each issuer for itself.
import type { Adapter, AdapterPayload } from 'oidc-provider';

/** Makes one shelf for each kind of thing that oidc-provider keeps. Nothing lives long enough here to expire. */
export function shelves(): (name: string) => Adapter {
  const all = new Map<string, Map<string, AdapterPayload>>();
  return (name) => {
    const shelf = all.get(name) ?? new Map<string, AdapterPayload>();
    all.set(name, shelf);
    const first = (is: (payload: AdapterPayload) => boolean): AdapterPayload | undefined =>
      [...shelf.values()].find(is);
    return {
      upsert: async (id, payload) => void shelf.set(id, payload),
      find: async (id) => shelf.get(id),
      findByUid: async (uid) => first((payload) => payload.uid === uid),
      findByUserCode: async (code) => first((payload) => payload.userCode === code),
      destroy: async (id) => void shelf.delete(id),
      consume: async (id) => {
        const payload = shelf.get(id);
        if (payload) payload.consumed = Math.floor(Date.now() / 1000);
      },
      revokeByGrantId: async (grantId) => {
        for (const things of all.values()) {
          for (const [id, payload] of things) if (payload.grantId === grantId) things.delete(id);
        }
      },
    };
  };
}
