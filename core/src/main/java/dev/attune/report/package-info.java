/**
 * Tables, pictures and pages for people, drawn from numbers and from data that lower floors hand up. Nothing here computes
 * a metric, and nothing below draws.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.report;
