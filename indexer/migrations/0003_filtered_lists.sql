-- A filtered list walks an index of its own: otherwise a page of a rare kind reads all rows of the others.
CREATE INDEX votes_by_support ON mirror_1.votes (proposal, support, height DESC, index DESC);
CREATE INDEX treasury_movements_by_kind ON mirror_1.treasury_movements (kind, height DESC, index DESC);
