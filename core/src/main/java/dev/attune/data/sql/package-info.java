/**
 * What may be sent to a database: {@link dev.attune.data.sql.SqlSelect} and
 * {@link dev.attune.data.sql.DuckDbSelect} let one SELECT through and nothing else, {@link
 * dev.attune.data.sql.JdbcUrl} knows the secrets and {@link dev.attune.data.sql.JdbcParameters} the harmless parameters of each
 * vendor's URL, {@link dev.attune.data.sql.JdbcDrivers} finds drivers where a recipe cannot put them. For {@code data} only.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.data.sql;
