/**
 * How far those got who pass the record on (to a receiver of OpenTelemetry's): a text of their own for each thing that they passed on.
 */
export const marksFormat = `
CREATE TABLE marks (
  keeper TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (keeper, key)
) WITHOUT ROWID;
`;
