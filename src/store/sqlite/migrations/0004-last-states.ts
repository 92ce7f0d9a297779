/**
 * What objects were last.
 *
 * ```
 * object_states ◀── last_states ──model──▶ last_models
 * ```
 *
 * Both hold JSON, deflated (pack-last-state.ts): a state with a model's text as the dictionary, which is the first state of those that are much alike. `hash` is
 * `hashText` of what makes them alike.
 */
export const lastStatesFormat = `
CREATE TABLE last_states (object INTEGER PRIMARY KEY, model INTEGER NOT NULL, body BLOB NOT NULL);
CREATE INDEX last_states_by_model ON last_states (model);
CREATE TABLE last_models (id INTEGER PRIMARY KEY, hash INTEGER NOT NULL, text BLOB NOT NULL);
CREATE INDEX last_models_by_hash ON last_models (hash);
`;
