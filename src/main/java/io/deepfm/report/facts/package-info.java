/** What the report shows of a run, gathered before it is written: plain records of a bounded size. */
package io.deepfm.report.facts;
