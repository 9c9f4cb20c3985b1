/**
 * How good is the model? A metric is fed while the evaluation runs and answers at the end.
 *
 * <p>{@link dev.attune.metric.Metric} is the common face. Whoever drives an evaluation calls {@code add(…)} of the
 * concrete class once per row (or batch), drops the logits, and asks for {@code compute()} when the data is used up:
 *
 * <ul>
 *   <li>{@link dev.attune.metric.Confusion} counts true against predicted labels, and
 *       {@link dev.attune.metric.ClassificationMetrics} reads accuracy, precision, recall, F1 and MCC off the counts;
 *   <li>{@link dev.attune.metric.MultiLabelMetrics} takes one row of logits, any number of which may be right;
 *   <li>{@link dev.attune.metric.RegressionMetrics} takes a number and the number it should have been;
 *   <li>{@link dev.attune.metric.TextMetrics} takes a text and the text it should have been, and measures what is asked for by
 *       name: {@link dev.attune.metric.Rouge}, {@link dev.attune.metric.Bleu}, {@link dev.attune.metric.Chrf}, {@link
 *       dev.attune.metric.ExactMatch}, {@link dev.attune.metric.ErrorRate};
 *   <li>{@link dev.attune.metric.RowLosses} averages the losses of rows as Hugging Face's {@code eval_loss} does;
 *   <li>{@link dev.attune.metric.Calibration} takes the probability of an answer and whether it was right, and {@link
 *       dev.attune.metric.SuspectLabels} all probabilities of a row: they tell of doubts, not of quality.
 * </ul>
 *
 * <p>Definitions are scikit-learn's with {@code zero_division=0} (correlations: SciPy's; entities: seqeval's; text: those of
 * {@code rouge_score} and {@code sacrebleu}), and the tests hold them to numbers made with those libraries. Names carry no {@code eval_} prefix: the trainer puts it on.
 *
 * <p>Memory does not grow with the evaluation set, with few exceptions: Spearman's correlation needs all values to rank them
 * (16 bytes a row), {@code RowLosses} cuts rows into batches (16 bytes a row), and {@code SuspectLabels} keeps the probabilities
 * of rows that the model got wrong, up to 32 MB.
 *
 * <p>Tables and pictures of these numbers are drawn two floors up, in {@code report}.
 *
 * <p>Nothing here is thread-safe; one evaluation loop owns its metrics.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.metric;
