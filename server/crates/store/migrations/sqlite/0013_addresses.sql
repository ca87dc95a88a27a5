-- The accounts of one address in all realms: a mail about a forgotten password names them to its owner.
create index accounts_email_key on accounts (email_key, realm);
