/**
 * Tables, pictures and pages for people, drawn from numbers and from data that lower floors hand up. Nothing here computes
 * a metric, and nothing below draws.
 *
 * <p>{@link dev.attune.report.ReportText}, {@link dev.attune.report.ReportJson} and {@link
 * dev.attune.report.ReportPictures} each show every kind of {@link dev.attune.task.Artifact}; {@link
 * dev.attune.report.RunPage} puts them into one page with what else is known of a run. Whatever comes from outside goes
 * through {@code Markup} or {@link dev.attune.report.Markdown}. A new kind of artifact needs a branch in each, and in {@code
 * ArtifactHtml}.
 *
 * <p>{@link dev.attune.report.TensorBoard} is a listener of a training that writes for another program.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.report;
