/**
 * Looks at data before anybody trains on them. {@link dev.attune.job.doctor.SetScan} reads every row of a set once and keeps some
 * hundred bytes of each: hashes, and a signature of the words. All that compares rows works on these; texts are read again only
 * where two of them agree. What needs a tokenizer is measured on a sample, and what a training costs on a few real steps.
 *
 * <p>Nothing here knows a task: {@link dev.attune.task.CheckedRows} says what the texts and labels of a row are.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.job.doctor;
