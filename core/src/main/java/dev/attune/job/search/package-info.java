/**
 * The search for good values of a recipe's keys. A {@link dev.attune.job.search.SearchPlan} is a recipe and a {@link
 * dev.attune.job.search.Space} for each key to look for; {@link dev.attune.job.search.Search} trains it again and again, each
 * trial an ordinary run in a folder of its own.
 *
 * <p>Which values a trial gets depends on the seed, its number and the trials before it, and on nothing else: {@link
 * dev.attune.job.search.RandomSuggestions} and {@link dev.attune.job.search.ParzenSuggestions} remember nothing. So a search that
 * was killed goes on as if it had not been.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.job.search;
