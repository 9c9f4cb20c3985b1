/**
 * Rows in, batches out.
 *
 * <h2>Rows</h2>
 *
 * A {@link dev.attune.data.Dataset} is a table of stored rows. {@link dev.attune.data.Datasets#read} takes a file, a pattern
 * or a query and knows CSV, TSV, JSON, JSON Lines, plain text and Parquet; {@link dev.attune.data.Datasets#jdbc} takes
 * any database; {@link dev.attune.data.Datasets#of} takes what you have. Text files are read by this package itself,
 * because a fine-tuning set wants strictness where a database guesses: every CSV value stays text (a review that says
 * {@code true} or {@code 2020-01-01} is still a review), an unquoted empty field is null while {@code ""} is empty
 * text, a row with a field too many is an error with its line number, and so is a byte that is not UTF-8. SQL and
 * Parquet go to embedded DuckDB, which is an optional dependency and never goes to the network.
 *
 * <p>Two things to know. In TSV files a quote is an ordinary character unless it encloses the whole field on one line,
 * as the GLUE files need it. And in SQL, DuckDB's own guesses apply: write {@code FROM read_csv('x.csv', all_varchar =
 * true)} if numbers must stay text.
 *
 * <p>{@link dev.attune.data.Columns} finds the columns a task needs by their usual names, and says what the choices are
 * when it cannot. {@link dev.attune.data.Dataset#where} names the line of any row, so that every later complaint can.
 *
 * <h2>Databases</h2>
 *
 * A query only reads. Before anything is sent, a parser has to find exactly one SELECT in it: DuckDB's own for DuckDB,
 * JSqlParser for all others. DuckDB runs with a locked configuration, without network, and opens database files read-only;
 * other databases answer in a read-only transaction that is rolled back, through a cursor. What no parser sees is what a
 * function does that the query calls, so give it an account without the right to write. A
 * {@link dev.attune.data.DataSource} is a source in a recipe, which may come from others: its URL holds no password, and
 * no parameter by which a driver loads classes or runs scripts. A {@link dev.attune.data.TableWriter} is the one way to
 * write to a database.
 *
 * <h2>Large data</h2>
 *
 * The heap does not grow with the data: rows, and later encoded examples, are stored as bytes, a few megabytes of them in
 * memory and more in a mapped file; per row there is half a byte of address. A {@link dev.attune.data.DataCache} keeps
 * such files for the next run: rows as long as a file keeps its size and time stamp, {@link dev.attune.data.Examples} as
 * long as data, tokenizer and settings are the same. Without one the files have no name and end with the process.
 *
 * <h2>Order</h2>
 *
 * A {@link dev.attune.data.Sampler} gives the order of each epoch: that of the Hugging Face Trainer for the same seed,
 * number for number, so that a run here and a run there see the same examples at the same step.
 *
 * <h2>Batches</h2>
 *
 * A task turns each row into an {@link dev.attune.data.Example}; a {@link dev.attune.data.Batch} is a few of them end
 * to end, without padding; a {@link dev.attune.data.BatchLoader} makes them on one background thread while the model
 * computes. All of this is plain Java arrays; tensors are made on the training thread.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.data;
