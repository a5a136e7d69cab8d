/**
 * What {@code mvn package} leaves for those who have no checkout: the archive and the Debian
 * package. Where the build could not make them, these tests report themselves as skipped.
 */
package io.sampo.tests.packaging;
