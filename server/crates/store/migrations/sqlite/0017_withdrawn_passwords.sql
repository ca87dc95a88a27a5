-- The password that was taken from an account because somebody else may know it: it must not come back as the new one.
alter table accounts add column withdrawn_password_hash text;
