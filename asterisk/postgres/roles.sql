-- Run by `start` at every start, without a listener: roles and passwords stay as the secrets say.
-- Each command ends with a semicolon and an empty line.

DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'handset') THEN CREATE ROLE handset; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'handset_gateway') THEN CREATE ROLE handset_gateway; END IF;
END $$;

-- The server: owns its database, and nothing beyond it.
ALTER ROLE handset LOGIN PASSWORD '{{secrets.database}}';

-- The gateway: the server grants it the views and INSERT on call_records.
ALTER ROLE handset_gateway LOGIN PASSWORD '{{secrets.gatewayDatabase}}';

