package io.sampo.gateway.transcode;

import com.google.protobuf.Descriptors.ServiceDescriptor;

/**
 * A service to be offered as JSON.
 *
 * @param implementation an instance of the service's generated {@code XPowerApi}
 * @param descriptor the service's descriptor, from its generated file class
 */
public record ServiceBinding(Object implementation, ServiceDescriptor descriptor) {}
