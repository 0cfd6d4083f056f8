-- The governor's part that keeps the settings.
ALTER TABLE mirror_2.governor ADD COLUMN settings bytea;
CREATE OR REPLACE VIEW mirror.governor AS SELECT * FROM mirror_2.governor;
